import { describe, expect, test } from 'vitest';
import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { RecordView } from '#lib/live/notices.ts';
import { withChanges } from './marks/mark-change.ts';
import type { Judging } from './marks/mark-change.ts';
import { changeOfPress, entryOf } from './register-entry.ts';
import type { Press } from './register-entry.ts';

const judging: Judging = {
  meeting: {
    startsAt: new Date('2026-11-28T08:00:00Z'),
    endsAt: new Date('2026-11-28T11:45:00Z'),
    breakMinutes: 0,
    breaks: [],
  },
  policy: { graceMinutes: 5, absentAfterMinutes: null, checkOutRequired: false },
};
const at = (clock: string) => `2026-11-28T${clock}:00.000Z`;
const seen = (...spans: [from: string, to: string | null][]): RecordView | null => {
  const change = {
    kind: 'times' as const,
    spans: spans.map(([from, to]) => ({ from: at(from), to: to && at(to) })),
  };
  return withChanges(null, [change], judging);
};
const row = (record: RecordView | null): RegisterRow => ({
  membershipId: 'm',
  name: 'Sommer, Lea',
  sections: [],
  record,
  isExpected: true,
});

describe('what a press asks for', () => {
  test.each<[string, Press, RecordView | null, string | undefined, unknown]>([
    ['present', 'present', null, undefined, { kind: 'word', status: 'present' }],
    [
      'excused, whatever was seen',
      'excused',
      seen(['08:02', null]),
      '08:30',
      { kind: 'word', status: 'excused' },
    ],
    [
      'late: since this minute',
      'late',
      null,
      '08:12',
      { kind: 'times', spans: [{ from: at('08:12'), to: null }] },
    ],
    [
      'late, and the going stays',
      'late',
      seen(['08:00', '11:00']),
      '08:12',
      { kind: 'times', spans: [{ from: at('08:12'), to: at('11:00') }] },
    ],
    ['late before or after the meeting: a time that the teacher knows', 'late', null, undefined, undefined],
    [
      'left early: from the beginning to this minute',
      'partial',
      null,
      '10:30',
      { kind: 'times', spans: [{ from: at('08:00'), to: at('10:30') }] },
    ],
    [
      'left early, and the coming stays',
      'partial',
      seen(['08:12', null]),
      '10:30',
      { kind: 'times', spans: [{ from: at('08:12'), to: at('10:30') }] },
    ],
    [
      'left early, and earlier stretches stay',
      'partial',
      seen(['08:00', '09:00'], ['09:30', null]),
      '10:30',
      {
        kind: 'times',
        spans: [
          { from: at('08:00'), to: at('09:00') },
          { from: at('09:30'), to: at('10:30') },
        ],
      },
    ],
    ['left early in the very first minute', 'partial', null, '08:00', undefined],
    ['taken back', 'take-back', seen(['08:12', null]), undefined, { kind: 'take-back' }],
  ])('%s', (_, press, record, clock, expected) => {
    const nowMs = clock === undefined ? undefined : Date.parse(at(clock)) + 42_000;
    expect(changeOfPress(press, entryOf(row(record), undefined, judging), judging, nowMs)).toEqual(expected);
  });
});

test('a row that nothing happened to stays the very same', () => {
  const one = row(null);
  expect(entryOf(one, undefined, judging)).toBe(entryOf(one, undefined, judging));
});

test('what is on its way is shown, and minutes with it', () => {
  const wish = { id: '1', change: { kind: 'times' as const, spans: [{ from: at('08:45'), to: null }] } };
  const queued = { membershipId: 'm', revision: 0, wishes: [wish], unanswered: [], trouble: null };
  expect(entryOf(row(null), queued, judging).record).toMatchObject({ status: 'late', provenMinutes: 180 });
  // Where the teacher is to decide, what stands there is shown.
  expect(entryOf(row(null), { ...queued, trouble: { kind: 'conflict' } }, judging).record).toBeNull();
});
