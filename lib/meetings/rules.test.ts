import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, localOfInstant, minuteMs } from '../base/time.ts';
import {
  decideMeetingTimes,
  findMeetingOfMoment,
  groupByWeek,
  mondayOf,
  suggestMeeting,
  weeksBetween,
} from './rules.ts';

const berlin = 'Europe/Berlin';
const nine = { date: '2026-11-28', from: '09:00', to: '12:45', breakMinutes: 15 };

describe('decideMeetingTimes', () => {
  test('places the local reading in the zone', () => {
    expect(decideMeetingTimes(nine, berlin)).toEqual({
      ok: true,
      times: {
        localStart: '2026-11-28T09:00',
        localEnd: '2026-11-28T12:45',
        startsAt: new Date('2026-11-28T08:00:00Z'),
        endsAt: new Date('2026-11-28T11:45:00Z'),
      },
    });
  });

  test.each([
    ['summer time', '2026-07-04', '2026-07-04T07:00:00Z'],
    ['winter time', '2026-11-28', '2026-11-28T08:00:00Z'],
  ])('nine stays nine in %s', (_, date, startsAt) => {
    const placed = decideMeetingTimes({ ...nine, date }, berlin);
    expect(placed.ok && placed.times.startsAt).toEqual(new Date(startsAt));
  });

  test.each([
    ['no day at all', { date: '' }, { date: 'meeting.problem.date' }],
    ['a day that no month has', { date: '2026-02-30' }, { date: 'meeting.problem.date' }],
    ['a month that no year has', { date: '2026-13-01' }, { date: 'meeting.problem.date' }],
    ['an end before the start', { to: '08:59' }, { to: 'meeting.problem.end-before-start' }],
    ['an end at the start', { to: '09:00' }, { to: 'meeting.problem.end-before-start' }],
    ['a break as long as the meeting', { breakMinutes: 225 }, { breakMinutes: 'meeting.problem.break' }],
    // 2027-03-28: from 02:00 the clocks show 03:00.
    [
      'a start that the clocks skip',
      { date: '2027-03-28', from: '02:30', to: '04:00' },
      { from: 'meeting.problem.no-such-time' },
    ],
    [
      'an end that the clocks skip',
      { date: '2027-03-28', from: '01:00', to: '02:30', breakMinutes: 0 },
      { to: 'meeting.problem.no-such-time' },
    ],
    // From 01:30 to 03:30 by the clock it is one hour that night.
    [
      'a break that fits the clock and not the time',
      { date: '2027-03-28', from: '01:30', to: '03:30', breakMinutes: 60 },
      { breakMinutes: 'meeting.problem.break' },
    ],
  ])('refuses %s', (_, change, problems) => {
    expect(decideMeetingTimes({ ...nine, ...change }, berlin)).toEqual({ ok: false, problems });
  });

  test('in the hour that comes twice the first one is meant', () => {
    const night = { date: '2026-10-25', from: '02:30', to: '04:00', breakMinutes: 0 };
    const placed = decideMeetingTimes(night, berlin);
    expect(placed.ok && placed.times.startsAt).toEqual(new Date('2026-10-25T00:30:00Z'));
  });

  test('whatever is placed reads as it was planned, and ends after it starts', () => {
    const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
    const clock = (at: number) =>
      `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true }),
        minute,
        minute,
        fc.constantFrom(berlin, 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'),
        (day, from, to, zone) => {
          const date = day.toISOString().slice(0, 10);
          const placed = decideMeetingTimes(
            { date, from: clock(from), to: clock(to), breakMinutes: 0 },
            zone,
          );
          if (!placed.ok) return;
          const { localStart, localEnd, startsAt, endsAt } = placed.times;
          expect(localOfInstant(startsAt, zone)).toBe(localStart);
          expect(localOfInstant(endsAt, zone)).toBe(localEnd);
          expect(endsAt.getTime()).toBeGreaterThan(startsAt.getTime());
        },
      ),
    );
  });
});

describe('findMeetingOfMoment', () => {
  const now = new Date('2026-11-28T08:00:00Z');
  const meeting = (
    name: string,
    fromMinutes: number,
    toMinutes: number,
    state: 'planned' | 'cancelled' = 'planned',
  ) => ({
    name,
    startsAt: addMs(now, fromMinutes * minuteMs),
    endsAt: addMs(now, toMinutes * minuteMs),
    state,
  });

  test.each([
    ['nothing planned', [], undefined],
    ['one that runs', [meeting('runs', -30, 60)], 'runs'],
    ['one that begins this moment', [meeting('begins', 0, 90)], 'begins'],
    ['one in an hour', [meeting('soon', 60, 150)], 'soon'],
    ['one in an hour and a minute', [meeting('later', 61, 150)], undefined],
    ['one that ends this moment', [meeting('over', -90, 0)], 'over'],
    ['one over for 14 minutes', [meeting('over', -90, -14)], 'over'],
    ['one over for 15 minutes', [meeting('over', -90, -15)], undefined],
    ['one that runs before one that comes', [meeting('soon', 10, 90), meeting('runs', -90, 5)], 'runs'],
    ['one that comes before one just over', [meeting('over', -90, -5), meeting('soon', 10, 90)], 'soon'],
    ['the nearer of two to come', [meeting('far', 50, 90), meeting('near', 10, 40)], 'near'],
    ['of two that overlap the later', [meeting('left', -90, 30), meeting('entered', -10, 80)], 'entered'],
    ['none that is cancelled', [meeting('off', -30, 60, 'cancelled')], undefined],
  ])('%s', (_, meetings, expected) => {
    expect(findMeetingOfMoment(meetings, now)?.name).toBe(expected);
  });
});

describe('weeks', () => {
  test.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-11-28T09:00', '2026-11-23'],
    ['2026-11-29T23:59', '2026-11-23'],
    ['2026-11-30', '2026-11-30'],
    ['2027-01-01', '2026-12-28'],
  ])('the week of %s begins on %s', (local, monday) => {
    expect(mondayOf(local)).toBe(monday);
  });

  test.each([
    ['2026-11-28', '2026-11-23', 0],
    ['2026-11-29', '2026-11-30', 1],
    ['2026-11-30', '2026-11-29', -1],
    ['2026-12-31', '2027-01-08', 1],
    ['2026-03-23', '2026-04-05', 1],
  ])('from the week of %s to that of %s: %i', (from, to, weeks) => {
    expect(weeksBetween(from, to)).toBe(weeks);
  });

  test('groups keep the order they are given in', () => {
    const meetings = ['2026-12-01T09:00', '2026-11-29T09:00', '2026-11-23T09:00', '2026-11-20T09:00'].map(
      (localStart) => ({ localStart }),
    );
    expect(
      groupByWeek(meetings).map((week) => [week.monday, week.meetings.map((m) => m.localStart.slice(5, 10))]),
    ).toEqual([
      ['2026-11-30', ['12-01']],
      ['2026-11-23', ['11-29', '11-23']],
      ['2026-11-16', ['11-20']],
    ]);
  });
});

describe('suggestMeeting', () => {
  const last = {
    localStart: '2026-11-28T09:00',
    localEnd: '2026-11-28T12:45',
    breakMinutes: 15,
    room: '301',
  };

  test('the first meeting of a course is today', () => {
    expect(suggestMeeting([], '2026-11-24')).toEqual({
      date: '2026-11-24',
      from: '09:00',
      to: '12:15',
      breakMinutes: 15,
      room: null,
    });
  });

  test.each([
    ['a week after the last', '2026-11-24', '2026-12-05'],
    ['on that very day too', '2026-12-05', '2026-12-05'],
    ['today when that day is over', '2026-12-06', '2026-12-06'],
  ])('%s', (_, today, date) => {
    const earlier = { ...last, localStart: '2026-11-21T08:00', localEnd: '2026-11-21T09:00', room: '12' };
    expect(suggestMeeting([earlier, last], today)).toEqual({
      date,
      from: '09:00',
      to: '12:45',
      breakMinutes: 15,
      room: '301',
    });
  });

  test('what is suggested can be saved', () => {
    const suggested = suggestMeeting([last], '2026-11-24');
    expect(decideMeetingTimes(suggested, berlin).ok).toBe(true);
  });
});
