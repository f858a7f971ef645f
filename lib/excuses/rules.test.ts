import { describe, expect, test } from 'vitest';
import type { Status } from '../base/statuses.ts';
import { effectOn, isChoosable, isMissed, meetingsOfDays } from './rules.ts';
import type { ExcuseEffect } from './rules.ts';

const now = new Date('2026-11-28T12:00:00Z');
const over = new Date('2026-11-28T11:45:00Z');
const running = new Date('2026-11-28T12:45:00Z');

test.each<[string, Parameters<typeof isMissed>[0], boolean]>([
  ['absent by a teacher’s word', { status: 'absent', isTaken: true, endsAt: over }, true],
  ['absent while it still runs', { status: 'absent', isTaken: true, endsAt: running }, true],
  ['over, taken, and nothing stands there', { status: null, isTaken: true, endsAt: over }, true],
  ['over, and nobody has taken it', { status: null, isTaken: false, endsAt: over }, false],
  ['still running', { status: null, isTaken: true, endsAt: running }, false],
  ['late', { status: 'late', isTaken: true, endsAt: over }, false],
  ['excused', { status: 'excused', isTaken: true, endsAt: over }, false],
])('missed: %s', (_case, meeting, missed) => {
  expect(isMissed(meeting, now)).toBe(missed);
});

test('a meeting is chosen while it takes place and no excuse stands for it', () => {
  const excuse = { id: 'e1', state: 'submitted' as const };
  expect(isChoosable({ state: 'planned', excuse: null })).toBe(true);
  expect(isChoosable({ state: 'planned', excuse })).toBe(false);
  expect(isChoosable({ state: 'cancelled', excuse: null })).toBe(false);
});

describe('days', () => {
  const meetings = ['2026-11-27T18:00', '2026-11-28T09:00', '2026-11-28T23:00', '2026-12-01T08:00'].map(
    (localStart) => ({ localStart }),
  );
  test.each([
    ['one day', '2026-11-28', '2026-11-28', [1, 2]],
    ['both ends belong to it', '2026-11-27', '2026-12-01', [0, 1, 2, 3]],
    ['days without any', '2026-11-29', '2026-11-30', []],
  ])('%s: by the day on which a meeting begins', (_case, fromDay, toDay, expected) => {
    expect(meetingsOfDays(meetings, { fromDay, toDay })).toEqual(expected.map((index) => meetings[index]));
  });
});

test.each<[Status | null, ExcuseEffect]>([
  [null, 'excuses'],
  ['absent', 'excuses'],
  ['excused', 'excused-already'],
  ['present', 'was-there'],
  ['late', 'was-there'],
  ['partial', 'was-there'],
])('accepting where the register says %s: %s', (status, effect) => {
  expect(effectOn({ status })).toBe(effect);
});
