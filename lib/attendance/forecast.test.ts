import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import { addMs, minuteMs } from '../base/time.ts';
import { forecast } from './forecast.ts';
import { computeTotals, rateOf, standingOf } from './rules.ts';
import type { CountedMeeting, EnrolmentSpan, MeetingToCount, RecordToCount } from './rules.ts';

const start = new Date('2026-09-07T08:00:00Z');
/** Meeting 0 is held on the first day, 1 on the next; "now" is between 4 and 5. */
const now = addMs(start, 4.5 * 1440 * minuteMs);

function meeting(n: number, minutes = 90, change: Partial<MeetingToCount> = {}): MeetingToCount {
  const startsAt = addMs(start, n * 1440 * minuteMs);
  return {
    id: String(n),
    startsAt,
    endsAt: addMs(startsAt, minutes * minuteMs),
    ...{ breakMinutes: 0, breaks: [], state: 'planned', isMandatory: true, sectionIds: [], isTaken: n < 5 },
    ...change,
  };
}

function record(n: number, status: RecordToCount['status'], provenMinutes = 0): RecordToCount {
  return { meetingId: String(n), status, provenMinutes, isOpen: false, replacesMeetingId: null };
}

const always: EnrolmentSpan[] = [{ sectionId: null, startsAt: null, endsAt: null }];
const idsOf = (rows: readonly CountedMeeting[]) => rows.map((row) => row.meetingId);
const held = (...numbers: number[]) => numbers.map((n) => meeting(n));
const attended = (...numbers: number[]) => numbers.map((n) => record(n, 'present', 90));

function outlook(
  meetings: MeetingToCount[],
  records: RecordToCount[],
  policy: Partial<CoursePolicy> = {},
  spans = always,
) {
  return forecast(meetings, { spans, records }, { ...defaultPolicy, ...policy }, now).outlook;
}

describe('what may still be missed', () => {
  test.each<[string, MeetingToCount[], RecordToCount[], Partial<CoursePolicy>, object]>([
    ['an empty course', [], [], {}, { kind: 'nothing' }],
    ['all of it excused', held(0), [record(0, 'excused')], {}, { kind: 'nothing' }],
    [
      'the first day: a fifth of ten',
      held(5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
      [],
      {},
      { kind: 'can-miss', meetings: 2, minutes: 180 },
    ],
    [
      'any of them, so the long ones too',
      [meeting(5, 60), meeting(6, 60), meeting(7, 240), meeting(8, 240)],
      [],
      { requiredPercent: 50 },
      { kind: 'can-miss', meetings: 1, minutes: 300 },
    ],
    [
      'no whole meeting, but minutes',
      held(5, 6),
      [],
      { requiredPercent: 90 },
      { kind: 'can-miss', meetings: 0, minutes: 18 },
    ],
    ['exactly what is required', held(0, 1, 2, 3, 4), attended(0, 1, 2, 3), {}, { kind: 'safe' }],
    [
      'out of reach by one minute',
      held(0, 5, 6, 7, 8),
      [record(0, 'late', 0)],
      { requiredPercent: 81 },
      { kind: 'unreachable', best: { numerator: 360, denominator: 450 } },
    ],
    [
      'missed for good, nothing more is planned',
      held(0),
      [record(0, 'absent')],
      {},
      { kind: 'unreachable', best: { numerator: 0, denominator: 90 } },
    ],
    ['reached without all the rest', held(0, 1, 2, 3, 5), attended(0, 1, 2, 3), {}, { kind: 'safe' }],
    ['nothing is required', held(0, 5), [record(0, 'absent')], { requiredPercent: 0 }, { kind: 'safe' }],
    [
      'by meetings, however long they are',
      [meeting(0, 30), meeting(5, 300), meeting(6, 30)],
      [record(0, 'late', 1)],
      { rateBy: 'meetings', requiredPercent: 60 },
      { kind: 'can-miss', meetings: 1, minutes: null },
    ],
  ])('%s', (_what, meetings, records, policy, expected) => {
    expect(outlook(meetings, records, policy)).toEqual(expected);
  });

  test.each([
    // Ten meetings of which five are to come, one of them excused: of ten, of nine, of ten with one more missed.
    ['exempt', { kind: 'can-miss', meetings: 1, minutes: 162 }],
    ['present', { kind: 'can-miss', meetings: 2, minutes: 180 }],
    ['absent', { kind: 'can-miss', meetings: 1, minutes: 90 }],
  ] as const)('a meeting to come that is excused already, %s', (excusedCounts, expected) => {
    const records = [...attended(0, 1, 2, 3, 4), record(7, 'excused')];
    expect(outlook(held(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), records, { excusedCounts })).toEqual(expected);
  });

  test('what runs, and is attended, can be missed no more', () => {
    const running = meeting(5, 90, { startsAt: addMs(now, -minuteMs) });
    const records = [{ ...record(5, 'late', 40), meetingId: running.id }];
    const seen = forecast([running, meeting(6)], { spans: always, records }, defaultPolicy, now);
    expect(seen).toMatchObject({ open: 1, outlook: { kind: 'unreachable' } });
    expect(idsOf(seen.coming)).toEqual(['5', '6']);
  });

  test('attending another section’s meeting today stands for one that is still to come', () => {
    const [mine, theirs] = [meeting(6, 90, { sectionIds: ['A'] }), meeting(4, 90, { sectionIds: ['B'] })];
    const records = [{ ...record(4, 'present', 90), replacesMeetingId: mine.id }];
    const spans = [{ sectionId: 'A', startsAt: null, endsAt: null }];
    expect(outlook([mine, theirs], records, {}, spans)).toEqual({ kind: 'safe' });
  });
});

test('held and not taken stands apart, and in no outlook; called off, voluntary and others’ meetings nowhere', () => {
  const meetings = [
    meeting(0),
    meeting(1, 90, { isTaken: false }),
    meeting(5),
    meeting(6, 90, { state: 'cancelled' }),
    meeting(7, 90, { isMandatory: false }),
    meeting(8, 90, { sectionIds: ['B'] }),
  ];
  const seen = forecast(meetings, { spans: always, records: attended(0) }, defaultPolicy, now);
  expect(idsOf(seen.untaken)).toEqual(['1']);
  expect(idsOf(seen.coming)).toEqual(['5']);
  expect(seen).toMatchObject({ open: 1, outlook: { kind: 'can-miss', meetings: 0, minutes: 36 } });
  expect(forecast(meetings, { spans: [], records: [] }, defaultPolicy, now)).toEqual({
    ...{ untaken: [], coming: [], open: 0, outlook: { kind: 'nothing' } },
  });
});

/** Courses of up to five held and five coming meetings, of which some have a record already. */
const courses = fc.record({
  past: fc.array(fc.record({ minutes: fc.integer({ min: 0, max: 240 }), isTaken: fc.boolean() }), {
    maxLength: 5,
  }),
  coming: fc.array(fc.integer({ min: 0, max: 240 }), { maxLength: 5 }),
  records: fc.uniqueArray(
    fc.record({
      n: fc.nat(9),
      status: fc.constantFrom<RecordToCount['status']>('present', 'late', 'partial', 'absent', 'excused'),
      provenMinutes: fc.nat(240),
    }),
    { selector: ({ n }) => n },
  ),
  policy: fc.record({
    excusedCounts: fc.constantFrom<CoursePolicy['excusedCounts']>('exempt', 'absent', 'present'),
    roundingMinutes: fc.constantFrom<CoursePolicy['roundingMinutes']>(0, 5, 15),
    rateBy: fc.constantFrom<CoursePolicy['rateBy']>('minutes', 'meetings'),
    requiredPercent: fc.nat(100),
    warnPercent: fc.constant(null),
  }),
});

test('is what the figures say when the course is over, whichever meetings were missed', () => {
  fc.assert(
    fc.property(courses, ({ past, coming, records: given, policy }) => {
      const meetings = [
        ...past.map(({ minutes, isTaken }, n) => meeting(n, minutes, { isTaken })),
        ...coming.map((minutes, n) => meeting(5 + n, minutes)),
      ];
      const records = given
        .filter(({ n }) => meetings.some(({ id }) => id === String(n)))
        .map(({ n, status, provenMinutes }) => record(n, status, provenMinutes));
      const seen = forecast(meetings, { spans: always, records }, policy, now);
      const open = seen.coming.filter((row) => row.record === null);
      expect(open).toHaveLength(seen.open);

      // The course's end: what was not taken by now never is, what was open is attended in full but for some.
      const over = addMs(start, 100 * 1440 * minuteMs);
      const atTheEnd = meetings.map((one) => (one.endsAt > now ? { ...one, isTaken: true } : one));
      const rateAfter = (missed: ReadonlySet<CountedMeeting>) => {
        const later = open.map((row) =>
          missed.has(row)
            ? record(Number(row.meetingId), 'absent')
            : record(Number(row.meetingId), 'present', row.expectedMinutes),
        );
        const member = { spans: always, records: [...records, ...later] };
        return rateOf(computeTotals(atTheEnd, member, policy, over), policy);
      };
      const subsets = Array.from(
        { length: 2 ** open.length },
        (_, bits) => new Set(open.filter((_row, index) => ((bits >> index) & 1) === 1)),
      );
      const reaches = (missed: ReadonlySet<CountedMeeting>) =>
        standingOf(rateAfter(missed), policy) !== 'below';
      const allOf = (size: number) => subsets.filter((missed) => missed.size === size).every(reaches);

      const { outlook: told } = seen;
      switch (told.kind) {
        case 'nothing':
          expect(rateAfter(new Set())).toBeNull();
          break;
        case 'unreachable':
          expect(subsets.filter(reaches)).toEqual([]);
          expect(rateAfter(new Set())).toEqual(told.best);
          break;
        case 'safe':
          expect(subsets.every(reaches)).toBe(true);
          break;
        case 'can-miss': {
          for (let size = 0; size <= told.meetings; size += 1) expect(allOf(size)).toBe(true);
          expect(allOf(told.meetings + 1)).toBe(false);
          const full = rateAfter(new Set());
          if (told.minutes === null || full === null) break;
          const without = (minutes: number) => ({ ...full, numerator: full.numerator - minutes });
          expect(standingOf(without(told.minutes), policy)).not.toBe('below');
          expect(standingOf(without(told.minutes + 1), policy)).toBe('below');
        }
      }
    }),
    { numRuns: 500 },
  );
});
