import { describe, expect, test } from 'vitest';
import { readPair, wholeMinute } from './wall-times.ts';
import type { MeetingClock } from './wall-times.ts';

const berlin = 'Europe/Berlin';
const saturday: MeetingClock = {
  localStart: '2026-11-28T09:00',
  localEnd: '2026-11-28T12:45',
  startsAt: '2026-11-28T08:00:00.000Z',
  endsAt: '2026-11-28T11:45:00.000Z',
  timeZone: berlin,
};
const overnight: MeetingClock = {
  localStart: '2026-11-28T22:00',
  localEnd: '2026-11-29T02:00',
  startsAt: '2026-11-28T21:00:00.000Z',
  endsAt: '2026-11-29T01:00:00.000Z',
  timeZone: berlin,
};
/** 25 October 2026: at 03:00 it is 02:00 again. */
const clocksBack: MeetingClock = {
  localStart: '2026-10-25T01:00',
  localEnd: '2026-10-25T04:00',
  startsAt: '2026-10-24T23:00:00.000Z',
  endsAt: '2026-10-25T03:00:00.000Z',
  timeZone: berlin,
};
/** 29 March 2026: after 01:59 comes 03:00. */
const clocksAhead: MeetingClock = {
  localStart: '2026-03-29T01:00',
  localEnd: '2026-03-29T04:00',
  startsAt: '2026-03-29T00:00:00.000Z',
  endsAt: '2026-03-29T02:00:00.000Z',
  timeZone: berlin,
};

const read = (from: string, to: string, clock: MeetingClock) => {
  const result = readPair({ from, to }, clock);
  return result.ok
    ? [result.span.from.toISOString(), result.span.to?.toISOString() ?? null]
    : [result.problem.at, result.problem.key];
};

describe('what the fields mean', () => {
  test.each<[string, string, string, MeetingClock, (string | null)[]]>([
    ['an arrival', '09:12', '', saturday, ['2026-11-28T08:12:00.000Z', null]],
    ['a pair', '09:00', '11:30', saturday, ['2026-11-28T08:00:00.000Z', '2026-11-28T10:30:00.000Z']],
    [
      'early on an evening that goes over midnight',
      '21:50',
      '',
      overnight,
      ['2026-11-28T20:50:00.000Z', null],
    ],
    ['after midnight', '00:30', '01:30', overnight, ['2026-11-28T23:30:00.000Z', '2026-11-29T00:30:00.000Z']],
    [
      'across midnight',
      '23:30',
      '00:15',
      overnight,
      ['2026-11-28T22:30:00.000Z', '2026-11-28T23:15:00.000Z'],
    ],
    ['the hour that comes twice: the first', '02:30', '', clocksBack, ['2026-10-25T00:30:00.000Z', null]],
    [
      'from it into its second time',
      '02:45',
      '02:15',
      clocksBack,
      ['2026-10-25T00:45:00.000Z', '2026-10-25T01:15:00.000Z'],
    ],
    ['past it', '02:30', '03:15', clocksBack, ['2026-10-25T00:30:00.000Z', '2026-10-25T02:15:00.000Z']],
    [
      'over the hour that is skipped',
      '01:30',
      '03:15',
      clocksAhead,
      ['2026-03-29T00:30:00.000Z', '2026-03-29T01:15:00.000Z'],
    ],
  ])('%s', (_, from, to, clock, expected) => {
    expect(read(from, to, clock)).toEqual(expected);
  });

  test.each<[string, string, string, MeetingClock, string[]]>([
    ['no arrival', '', '11:00', saturday, ['from', 'register.times.problem.from']],
    ['going before coming', '10:00', '09:30', saturday, ['to', 'register.times.problem.order']],
    ['coming after the end', '13:00', '', saturday, ['to', 'register.times.problem.order']],
    [
      'a time that the clocks skip',
      '02:30',
      '',
      clocksAhead,
      ['from', 'register.times.problem.no-such-time'],
    ],
    ['a going that they skip', '01:30', '02:30', clocksAhead, ['to', 'register.times.problem.no-such-time']],
  ])('%s is told at its field', (_, from, to, clock, expected) => {
    expect(read(from, to, clock)).toEqual(expected);
  });

  test('what was seen stays to the second while nobody types', () => {
    const span = { from: '2026-10-25T01:30:17.000Z', to: '2026-10-25T02:10:59.000Z' };
    const seen = { from: '02:30', to: '03:10', span };
    const result = readPair({ from: '02:30', to: '03:10', seen }, clocksBack);
    expect(result).toEqual({ ok: true, span: { from: new Date(span.from), to: new Date(span.to) } });
    expect(readPair({ from: '02:30', to: '', seen }, clocksBack)).toMatchObject({
      span: { from: new Date(span.from), to: null },
    });
  });

  test('now is a whole minute that has begun', () => {
    expect(wholeMinute(Date.parse('2026-11-28T08:12:59.999Z')).toISOString()).toBe(
      '2026-11-28T08:12:00.000Z',
    );
  });
});
