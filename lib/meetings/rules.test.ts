import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, localOfInstant, minuteMs } from '../base/time.ts';
import {
  copyOf,
  decideChanges,
  decideMeetingTimes,
  findMeetingOfMoment,
  groupByWeek,
  mondayOf,
  placeMeeting,
  placeSeries,
  planSeries,
  suggestMeeting,
  weeksBetween,
  wordsOf,
} from './rules.ts';
import type { MeetingWords } from './rules.ts';

const berlin = 'Europe/Berlin';
const nine = {
  date: '2026-11-28',
  from: '09:00',
  to: '12:45',
  endsNextDay: false,
  breakMinutes: 15,
  breaks: [] as { from: string; to: string }[],
};

describe('decideMeetingTimes', () => {
  test('places the local reading in the zone', () => {
    expect(decideMeetingTimes(nine, berlin)).toEqual({
      ok: true,
      times: {
        localStart: '2026-11-28T09:00',
        localEnd: '2026-11-28T12:45',
        startsAt: new Date('2026-11-28T08:00:00Z'),
        endsAt: new Date('2026-11-28T11:45:00Z'),
        breakMinutes: 15,
        breaks: [],
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
    const night = { ...nine, date: '2026-10-25', from: '02:30', to: '04:00', breakMinutes: 0 };
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
            { ...nine, date, from: clock(from), to: clock(to), endsNextDay: from > to, breakMinutes: 0 },
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

const berlinMeeting = (change: Partial<Parameters<typeof wordsOf>[0]> = {}) => ({
  timeZone: berlin,
  localStart: '2026-11-28T09:00',
  localEnd: '2026-11-28T12:45',
  startsAt: new Date('2026-11-28T08:00:00Z'),
  endsAt: new Date('2026-11-28T11:45:00Z'),
  breakMinutes: 15,
  breaks: [],
  title: null,
  kind: 'regular' as const,
  room: '301',
  onlineUrl: null,
  onlinePlatform: null,
  description: null,
  isMandatory: true,
  sectionIds: [],
  ...change,
});

describe('suggestMeeting', () => {
  const last = berlinMeeting({ title: 'Prüfung', description: 'Taschenrechner', isMandatory: false });

  test('the first meeting of a course is today', () => {
    expect(suggestMeeting(undefined, '2026-11-24')).toMatchObject({
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
    expect(suggestMeeting(last, today)).toMatchObject({
      date,
      from: '09:00',
      to: '12:45',
      breakMinutes: 15,
      room: '301',
    });
  });

  test('what was said of that one meeting is not said of the next; a copy says it again', () => {
    const own = { title: 'Prüfung', description: 'Taschenrechner', isMandatory: false };
    expect(suggestMeeting(last, '2026-11-24')).toMatchObject({
      title: null,
      description: null,
      isMandatory: true,
    });
    expect(copyOf(last)).toMatchObject({ ...own, date: '2026-12-05' });
  });

  test('what is suggested can be saved', () => {
    expect(decideMeetingTimes(suggestMeeting(last, '2026-11-24'), berlin).ok).toBe(true);
    expect(decideMeetingTimes(suggestMeeting(undefined, '2026-11-24'), berlin).ok).toBe(true);
  });
});

describe('a meeting over midnight', () => {
  const night = { ...nine, from: '22:00', to: '02:00', endsNextDay: true };

  test('ends on the next day when it is said so, and only where the end is not after the start', () => {
    const placed = decideMeetingTimes(night, berlin);
    expect(placed.ok && placed.times).toMatchObject({
      localEnd: '2026-11-29T02:00',
      endsAt: new Date('2026-11-29T01:00:00Z'),
    });
    expect(decideMeetingTimes({ ...night, endsNextDay: false }, berlin)).toEqual({
      ok: false,
      problems: { to: 'meeting.problem.end-before-start' },
    });
    const day = decideMeetingTimes({ ...nine, endsNextDay: true }, berlin);
    expect(day.ok && day.times.localEnd).toBe('2026-11-28T12:45');
  });

  test.each([
    ['an hour less in spring', '2027-03-27', 3],
    ['an hour more in autumn', '2026-10-24', 5],
  ])('has %s', (_, date, hours) => {
    const placed = decideMeetingTimes({ ...night, date, to: '03:30', from: '23:30' }, berlin);
    const ms = placed.ok ? placed.times.endsAt.getTime() - placed.times.startsAt.getTime() : 0;
    expect(ms / (60 * minuteMs)).toBe(hours);
  });
});

describe('breaks by the clock', () => {
  const placedBreaks = (change: Partial<typeof nine>) => {
    const placed = decideMeetingTimes({ ...nine, ...change }, berlin);
    return placed.ok ? placed.times : placed.problems;
  };

  test('are kept as instants, in order, and take the place of break minutes', () => {
    const breaks = [
      { from: '11:30', to: '11:45' },
      { from: '10:00', to: '10:15' },
    ];
    expect(placedBreaks({ breaks })).toMatchObject({
      breakMinutes: 0,
      breaks: [
        { from: '2026-11-28T09:00:00.000Z', to: '2026-11-28T09:15:00.000Z' },
        { from: '2026-11-28T10:30:00.000Z', to: '2026-11-28T10:45:00.000Z' },
      ],
    });
  });

  test.each([
    ['before midnight', { from: '23:00', to: '23:15' }, '2026-11-28T22:00:00.000Z'],
    ['over midnight', { from: '23:50', to: '00:10' }, '2026-11-28T22:50:00.000Z'],
    ['after midnight', { from: '00:30', to: '00:45' }, '2026-11-28T23:30:00.000Z'],
  ])('of a night lie where they belong: %s', (_, one, from) => {
    const night = placedBreaks({ from: '22:00', to: '02:00', endsNextDay: true, breaks: [one] });
    expect(night).toMatchObject({ breaks: [{ from }] });
  });

  test('over the change of clocks last as long as the time, not the clock', () => {
    const spring = {
      date: '2027-03-28',
      from: '01:00',
      to: '05:00',
      breaks: [{ from: '01:45', to: '03:15' }],
    };
    expect(placedBreaks(spring)).toMatchObject({
      breaks: [{ from: '2027-03-28T00:45:00.000Z', to: '2027-03-28T01:15:00.000Z' }],
    });
  });

  test.each([
    ['before the start', [{ from: '08:45', to: '09:15' }], { 'breaks.0': 'meeting.problem.break-outside' }],
    ['past the end', [{ from: '12:30', to: '13:00' }], { 'breaks.0': 'meeting.problem.break-outside' }],
    ['backwards', [{ from: '10:15', to: '10:00' }], { 'breaks.0': 'meeting.problem.break-times' }],
    ['of no length', [{ from: '10:00', to: '10:00' }], { 'breaks.0': 'meeting.problem.break-times' }],
    [
      'that overlap, told at the later one',
      [
        { from: '10:10', to: '10:30' },
        { from: '10:00', to: '10:15' },
      ],
      { 'breaks.0': 'meeting.problem.break-overlaps' },
    ],
    ['that leave nothing', [{ from: '09:00', to: '12:45' }], { breaks: 'meeting.problem.break' }],
  ])('are refused %s', (_, breaks, problems) => {
    expect(placedBreaks({ breaks })).toEqual(problems);
  });

  test('that the clocks skip are refused', () => {
    const spring = {
      date: '2027-03-28',
      from: '01:00',
      to: '05:00',
      breaks: [{ from: '02:15', to: '03:15' }],
    };
    expect(placedBreaks(spring)).toEqual({ 'breaks.0': 'meeting.problem.no-such-time' });
  });

  test('touching ones are two breaks', () => {
    const breaks = [
      { from: '10:00', to: '10:15' },
      { from: '10:15', to: '10:30' },
    ];
    expect(placedBreaks({ breaks })).toMatchObject({ breaks: [{}, {}] });
  });

  test('a meeting’s words, placed and read again, say the same', () => {
    const words = wordsOf(berlinMeeting());
    const night = {
      ...words,
      from: '22:00',
      to: '02:00',
      endsNextDay: true,
      breakMinutes: 0,
      breaks: [{ from: '23:50', to: '00:10' }],
    };
    for (const one of [words, night]) {
      const placed = placeMeeting(one, berlin);
      expect(placed.ok && wordsOf({ ...placed.meeting, timeZone: berlin })).toEqual(one);
    }
  });
});

describe('planSeries', () => {
  const rule = {
    startDate: '2026-11-23',
    weekdays: [3, 6],
    everyWeeks: 1,
    ends: { by: 'count', count: 8 } as { by: 'count'; count: number } | { by: 'date'; untilDate: string },
    skip: [] as { from: string; to: string }[],
  };
  const datesOf = (change: Partial<typeof rule>) => {
    const planned = planSeries({ ...rule, ...change });
    if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
    return planned.days.filter((day) => !day.isSkipped).map(({ date }) => date.slice(5));
  };
  const problemsOf = (change: Partial<typeof rule>) => {
    const planned = planSeries({ ...rule, ...change });
    return planned.ok ? {} : planned.problems;
  };

  test('two weekdays for four weeks are eight meetings', () => {
    const four = ['11-25', '11-28', '12-02', '12-05', '12-09', '12-12', '12-16', '12-19'];
    expect(datesOf({ ends: { by: 'date', untilDate: '2026-12-20' } })).toEqual(four);
    expect(datesOf({})).toEqual(four);
  });

  test.each([
    ['begins in the middle of a week', { startDate: '2026-11-26' }, ['11-28', '12-02', '12-05']],
    ['begins on one of its days', { startDate: '2026-11-28' }, ['11-28', '12-02', '12-05']],
    ['every second week', { everyWeeks: 2 }, ['11-25', '11-28', '12-09']],
    [
      'every third week, begun on a Sunday',
      { startDate: '2026-11-29', everyWeeks: 3 },
      ['12-16', '12-19', '01-06'],
    ],
    ['every day of the week', { weekdays: [1, 2, 3, 4, 5, 6, 7] }, ['11-23', '11-24', '11-25']],
    [
      'a holiday moves the end',
      { skip: [{ from: '2026-11-28', to: '2026-11-28' }] },
      ['11-25', '12-02', '12-05'],
    ],
    ['holidays of a week', { skip: [{ from: '2026-11-28', to: '2026-12-04' }] }, ['11-25', '12-05', '12-09']],
  ])('%s', (_, change, expected) => {
    expect(datesOf({ ends: { by: 'count', count: 3 }, ...change })).toEqual(expected);
  });

  test('until a date, that day included; a holiday is only left out', () => {
    expect(
      datesOf({
        ends: { by: 'date', untilDate: '2026-12-05' },
        skip: [{ from: '2026-11-28', to: '2026-11-28' }],
      }),
    ).toEqual(['11-25', '12-02', '12-05']);
  });

  test.each([
    ['no first day', { startDate: '2026-02-30' }, { startDate: 'series.problem.start' }],
    ['no last day', { ends: { by: 'date', untilDate: '2026-02-30' } }, { untilDate: 'series.problem.until' }],
    [
      'an end before the beginning',
      { ends: { by: 'date', untilDate: '2026-11-22' } },
      { untilDate: 'series.problem.until-before-start' },
    ],
    ['ten thousand meetings', { ends: { by: 'count', count: 10_000 } }, { count: 'series.problem.too-many' }],
    [
      'ten thousand days',
      { weekdays: [1, 2, 3, 4, 5, 6, 7], ends: { by: 'date', untilDate: '2030-12-31' } },
      { untilDate: 'series.problem.too-many' },
    ],
    [
      'an end in a far year',
      { ends: { by: 'date', untilDate: '9999-12-31' } },
      { untilDate: 'series.problem.too-far' },
    ],
    [
      'a count that no calendar of ten years holds',
      { everyWeeks: 52, ends: { by: 'count', count: 100 } },
      { count: 'series.problem.too-far' },
    ],
    [
      'a count of nothing but holidays',
      { skip: [{ from: '2026-01-01', to: '9999-12-31' }] },
      { count: 'series.problem.too-far' },
    ],
    [
      'no day at all',
      { ends: { by: 'date', untilDate: '2026-11-24' } },
      { untilDate: 'series.problem.none' },
    ],
    [
      'holidays backwards',
      { skip: [{ from: '2026-12-24', to: '2026-12-20' }] },
      { 'skip.0': 'series.problem.skip' },
    ],
  ] as const)('refuses %s', (_, change, problems) => {
    expect(problemsOf(change as unknown as Partial<typeof rule>)).toEqual(problems);
  });

  const day = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10));
  const anyRule = fc.record({
    startDate: day,
    weekdays: fc
      .uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 })
      .map((days) => days.sort((a, b) => a - b)),
    everyWeeks: fc.integer({ min: 1, max: 8 }),
    ends: fc.oneof(
      fc.record({ by: fc.constant('count' as const), count: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ by: fc.constant('date' as const), untilDate: day }),
    ),
    skip: fc.array(day.map((date) => ({ from: date, to: date }))),
  });

  test('whatever is planned is in order, each day once, on its weekdays, as many as asked, and no holiday', () => {
    fc.assert(
      fc.property(anyRule, (given) => {
        const planned = planSeries(given);
        if (!planned.ok) return;
        const dates = planned.days.map(({ date }) => date);
        expect(dates).toEqual([...new Set(dates)].sort());
        const held = planned.days.filter(({ isSkipped }) => !isSkipped).map(({ date }) => date);
        expect(held.filter((date) => given.skip.some(({ from }) => from === date))).toEqual([]);
        for (const date of dates) {
          expect(given.weekdays).toContain(new Date(`${date}T00:00:00Z`).getUTCDay() || 7);
          expect(date >= given.startDate).toBe(true);
          expect(weeksBetween(given.startDate, date) % given.everyWeeks).toBe(0);
          if (given.ends.by === 'date') expect(date <= given.ends.untilDate).toBe(true);
        }
        if (given.ends.by === 'count') expect(held).toHaveLength(given.ends.count);
      }),
    );
  });

  test('the local time stays through every change of clocks; a time that is not there is told', () => {
    const sundays = {
      ...rule,
      ...nine,
      startDate: '2027-03-15',
      weekdays: [7],
      from: '02:30',
      to: '05:00',
      ends: { by: 'date' as const, untilDate: '2027-04-05' },
    };
    const placed = placeSeries(sundays, berlin);
    expect(
      placed.ok &&
        placed.days.map((one) => [one.date, one.state === 'planned' ? one.times.localStart : one.state]),
    ).toEqual([
      ['2027-03-21', '2027-03-21T02:30'],
      ['2027-03-28', 'impossible'],
      ['2027-04-04', '2027-04-04T02:30'],
    ]);
  });

  test('times that no day can have are told at their fields', () => {
    expect(placeSeries({ ...rule, ...nine, to: '08:00' }, berlin)).toEqual({
      ok: false,
      problems: { to: 'meeting.problem.end-before-start' },
    });
  });
});

describe('decideChanges', () => {
  const inSeries = (id: string, day: number, change: Partial<Parameters<typeof wordsOf>[0]> = {}) => ({
    id,
    ...berlinMeeting({
      localStart: `2026-11-${String(day)}T09:00`,
      localEnd: `2026-11-${String(day)}T12:45`,
      startsAt: new Date(`2026-11-${String(day)}T08:00:00Z`),
      endsAt: new Date(`2026-11-${String(day)}T11:45:00Z`),
      ...change,
    }),
  });
  const first = inSeries('first', 14);
  const second = inSeries('second', 21);
  const third = inSeries('third', 28, { room: 'Aula', breakMinutes: 30 });
  const series = [first, second, third];
  type Scope = 'one' | 'following' | 'all';
  const decide = (words: Partial<MeetingWords>, scope: Scope) => {
    const placed = placeMeeting({ ...wordsOf(second), ...words }, berlin);
    if (!placed.ok) throw new Error(JSON.stringify(placed.problems));
    return decideChanges(series, second, placed.meeting, scope);
  };
  const change = (words: Partial<MeetingWords>, scope: Scope) => {
    const decided = decide(words, scope);
    if (!decided.ok) throw new Error(JSON.stringify(decided.impossible));
    return decided.changes.map(({ before, after }) => [before.id, after] as const);
  };

  test.each([
    ['one', ['second']],
    ['following', ['second', 'third']],
    ['all', ['first', 'second', 'third']],
  ] as const)('%s means %j', (scope, ids) => {
    expect(change({ title: 'Anatomie' }, scope).map(([id]) => id)).toEqual(ids);
  });

  test('only what was changed changes in the others', () => {
    const [, [, after] = []] = change({ from: '10:00' }, 'following');
    expect(after).toMatchObject({
      localStart: '2026-11-28T10:00',
      localEnd: '2026-11-28T12:45',
      room: 'Aula',
      breakMinutes: 30,
    });
  });

  test('a changed day moves each by as many days', () => {
    const changed = change({ date: '2026-11-22' }, 'all');
    expect(changed.map(([, after]) => after.localStart)).toEqual([
      '2026-11-15T09:00',
      '2026-11-22T09:00',
      '2026-11-29T09:00',
    ]);
  });

  test('nothing changed is nothing to write', () => {
    expect(change({}, 'all')).toEqual([]);
    // The third is called that already.
    expect(change({ room: 'Aula' }, 'following').map(([id]) => id)).toEqual(['second']);
  });

  test('one that cannot have the times stops all, and is named', () => {
    expect(change({ from: '12:20', breakMinutes: 0, to: '12:45' }, 'one')).toHaveLength(1);
    expect(decide({ from: '12:20', to: '12:45' }, 'following')).toEqual({
      ok: false,
      impossible: [{ localStart: '2026-11-28T12:20', problem: 'meeting.problem.break' }],
    });
  });
});
