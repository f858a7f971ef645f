import { expect, test } from 'vitest';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { canBeProlonged, phaseAt } from './window-phase.ts';

const meeting = { endsAt: '2026-11-28T11:45:00.000Z' };

test.each<[string, Direction, string, boolean]>([
  ['a check-in that closes earlier', 'in', '2026-11-28T08:15:00.000Z', true],
  ['one that lasts as long as its meeting', 'in', meeting.endsAt, false],
  ['a check-out, which goes on after the end', 'out', '2026-11-28T12:00:00.000Z', true],
])('%s can be prolonged: %s, %s: %s', (_what, direction, closesAt, expected) => {
  expect(canBeProlonged(meeting, { direction, closesAt })).toBe(expected);
});

test.each<[string, Direction, { opensAt: string; closesAt: string } | undefined, string, string]>([
  ['none, before the end', 'in', undefined, '2026-11-28T11:44:59Z', 'closed'],
  ['none, at the end', 'in', undefined, '2026-11-28T11:45:00Z', 'over'],
  ['going, for an hour after it', 'out', undefined, '2026-11-28T12:44:59Z', 'closed'],
  ['going, no later', 'out', undefined, '2026-11-28T12:45:00Z', 'over'],
  [
    'still to come',
    'in',
    { opensAt: '2026-11-28T07:45:00Z', closesAt: '2026-11-28T08:15:00Z' },
    '2026-11-28T07:44:59Z',
    'planned',
  ],
  [
    'as it opens',
    'in',
    { opensAt: '2026-11-28T07:45:00Z', closesAt: '2026-11-28T08:15:00Z' },
    '2026-11-28T07:45:00Z',
    'open',
  ],
  [
    'as it closes: it can be opened anew',
    'in',
    { opensAt: '2026-11-28T07:45:00Z', closesAt: '2026-11-28T08:15:00Z' },
    '2026-11-28T08:15:00Z',
    'closed',
  ],
  [
    'a check-out that was opened late goes on',
    'out',
    { opensAt: '2026-11-28T12:40:00Z', closesAt: '2026-11-28T12:55:00Z' },
    '2026-11-28T12:50:00Z',
    'open',
  ],
])('%s (%s)', (_what, direction, times, now, expected) => {
  const windows =
    times === undefined
      ? []
      : [{ ...times, id: 'w', direction, stepSeconds: 10, openedAt: '2026-11-28T07:00:00Z' }];
  const view = { meeting, windows } as unknown as Parameters<typeof phaseAt>[0];
  expect(phaseAt(view, direction, Date.parse(now))).toBe(expected);
});
