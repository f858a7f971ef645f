import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../base/course-policy.ts';
import { addMs, instantOfLocal, minuteMs } from '../base/time.ts';
import {
  computeAttendance,
  computeTeachingMinutes,
  computeTotals,
  countMinutes,
  decideFromEvidence,
  decideFromSights,
  decideFromTimes,
  decideFromWord,
  excuseAbsence,
  pairSights,
  rateOf,
  rejudge,
  standingOf,
  tenthsOfPercent,
} from './rules.ts';
import type {
  EnrolmentSpan,
  JudgingPolicy,
  MeetingToCount,
  PresenceSpan,
  RecordToCount,
  TeachingTime,
} from './rules.ts';

const startsAt = new Date('2026-11-28T08:00:00Z');
const at = (minute: number) => addMs(startsAt, minute * minuteMs);
const timed = (from: number, to: number) => ({ from: at(from).toISOString(), to: at(to).toISOString() });
/** From/to in minutes after the start; no end: until the meeting's end. */
type Pair = [from: number, to: number | null];
const presence = (...pairs: Pair[]): PresenceSpan[] =>
  pairs.map(([from, to]) => ({ from: at(from), to: to === null ? null : at(to) }));

/** 09:00 to 12:45 with a break of 15 minutes, which lies from 10:45 to 11:00. */
const saturday: TeachingTime = { startsAt, endsAt: at(225), breakMinutes: 15, breaks: [] };
const policy: JudgingPolicy = { graceMinutes: 5, absentAfterMinutes: null, checkOutRequired: false };

describe('computeTeachingMinutes', () => {
  test.each<[string, Partial<TeachingTime>, number]>([
    ['no break', { breakMinutes: 0 }, 225],
    ['minutes alone', { breakMinutes: 15 }, 210],
    ['a timed break', { breakMinutes: 0, breaks: [timed(100, 120)] }, 205],
    ['two timed breaks', { breakMinutes: 0, breaks: [timed(60, 70), timed(150, 155)] }, 210],
    [
      'breaks that overlap take each minute once',
      { breakMinutes: 0, breaks: [timed(60, 80), timed(70, 90)] },
      195,
    ],
    ['a break that begins before the meeting', { breakMinutes: 0, breaks: [timed(-10, 10)] }, 215],
    ['a break that ends after the meeting', { breakMinutes: 0, breaks: [timed(220, 300)] }, 220],
    ['a break outside of the meeting', { breakMinutes: 0, breaks: [timed(230, 240)] }, 225],
    ['both kinds', { breakMinutes: 15, breaks: [timed(30, 40)] }, 200],
    ['a break as long as the meeting', { breakMinutes: 500 }, 0],
    ['seconds are rounded down', { endsAt: at(224.9), breakMinutes: 0 }, 224],
  ])('%s', (_what, change, minutes) => {
    expect(computeTeachingMinutes({ ...saturday, ...change })).toBe(minutes);
  });

  test.each<[string, from: string, to: string, minutes: number]>([
    ['over midnight', '2026-11-28T22:00', '2026-11-29T01:30', 210],
    ['over the night in which an hour is skipped', '2027-03-28T01:00', '2027-03-28T04:00', 120],
    ['over the night in which an hour comes twice', '2026-10-25T01:00', '2026-10-25T04:00', 240],
  ])('%s', (_what, from, to, minutes) => {
    const zone = 'Europe/Berlin';
    const meeting = { startsAt: instantOfLocal(from, zone), endsAt: instantOfLocal(to, zone) };
    expect(computeTeachingMinutes({ ...meeting, breakMinutes: 0, breaks: [] })).toBe(minutes);
  });
});

describe('computeAttendance', () => {
  test.each<[string, Pair[], string, number]>([
    ['nothing', [], 'absent', 0],
    ['all of it', [[0, 225]], 'present', 210],
    ['until the end, not checked out', [[0, null]], 'present', 210],
    ['came early, left late: overtime is cut', [[-30, 300]], 'present', 210],
    ['came within grace', [[5, null]], 'present', 210],
    ['came a second after grace', [[5 + 1 / 60, null]], 'late', 204],
    ['came after an hour', [[60, null]], 'late', 150],
    ['came during the break', [[110, null]], 'late', 105],
    ['came in the last minutes', [[223, null]], 'late', 2],
    ['left within grace', [[0, 220]], 'present', 210],
    ['left a second before grace', [[0, 220 - 1 / 60]], 'partial', 204],
    ['came late and left early', [[30, 90]], 'partial', 60],
    ['left before the break', [[0, 105]], 'partial', 105],
    ['left during the break', [[0, 112]], 'partial', 105],
    ['only during the break', [[107, 118]], 'partial', 0],
    [
      'twice',
      [
        [0, 60],
        [120, null],
      ],
      'present',
      165,
    ],
    [
      'twice, overlapping: no minute counts twice',
      [
        [0, 90],
        [60, null],
      ],
      'present',
      210,
    ],
    [
      'in any order',
      [
        [120, null],
        [0, 60],
      ],
      'present',
      165,
    ],
    [
      'three times',
      [
        [0, 30],
        [60, 90],
        [130, 200],
      ],
      'partial',
      130,
    ],
    ['before the meeting only', [[-60, -10]], 'absent', 0],
    ['left at the start', [[-10, 0]], 'absent', 0],
    ['after the meeting only', [[226, null]], 'absent', 0],
    ['came at the very end', [[225, null]], 'absent', 0],
  ])('%s', (_what, pairs, status, provenMinutes) => {
    expect(computeAttendance(saturday, presence(...pairs), policy)).toEqual({
      status,
      provenMinutes,
      isOpen: false,
    });
  });

  test.each<[string, Pair[], number]>([
    ['all of it', [[0, null]], 195],
    ['left in the first break', [[0, 65]], 60],
    ['came in the second break', [[151, null]], 65],
    [
      'went out for a break',
      [
        [0, 60],
        [70, null],
      ],
      195,
    ],
    [
      'went out longer than the break',
      [
        [0, 50],
        [90, null],
      ],
      165,
    ],
  ])('with breaks from 60 to 70 and 150 to 160 less ten: %s', (_what, pairs, provenMinutes) => {
    const meeting = { ...saturday, breakMinutes: 10, breaks: [timed(60, 70), timed(150, 160)] };
    expect(computeAttendance(meeting, presence(...pairs), policy).provenMinutes).toBe(provenMinutes);
  });

  test.each<[string, number | null, Pair[], string, number]>([
    ['off', null, [[200, null]], 'late', 25],
    ['at the limit', 30, [[30, null]], 'late', 180],
    ['a second later: absent, and no minute less', 30, [[30 + 1 / 60, null]], 'absent', 179],
    ['left early too', 30, [[31, 90]], 'absent', 59],
    [
      'the first coming counts',
      30,
      [
        [10, 20],
        [40, null],
      ],
      'late',
      180,
    ],
    ['within grace nobody is absent', 0, [[5, null]], 'present', 210],
  ])('absent after: %s', (_what, absentAfterMinutes, pairs, status, provenMinutes) => {
    expect(computeAttendance(saturday, presence(...pairs), { ...policy, absentAfterMinutes })).toMatchObject({
      status,
      provenMinutes,
    });
  });

  test.each<[string, Pair[], ReturnType<typeof computeAttendance>]>([
    ['missing: it proves nothing yet', [[0, null]], { status: 'present', provenMinutes: 0, isOpen: true }],
    ['missing after coming late', [[30, null]], { status: 'late', provenMinutes: 0, isOpen: true }],
    ['done', [[0, 225]], { status: 'present', provenMinutes: 210, isOpen: false }],
    ['done within grace', [[3, 222]], { status: 'present', provenMinutes: 210, isOpen: false }],
    [
      'missing for the second stay alone',
      [
        [0, 60],
        [120, null],
      ],
      { status: 'present', provenMinutes: 60, isOpen: true },
    ],
    ['nobody came', [], { status: 'absent', provenMinutes: 0, isOpen: false }],
  ])('a required check-out, %s', (_what, pairs, expected) => {
    expect(computeAttendance(saturday, presence(...pairs), { ...policy, checkOutRequired: true })).toEqual(
      expected,
    );
  });

  const meetings = fc
    .record({
      minutes: fc.integer({ min: 1, max: 600 }),
      breakShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
      breaks: fc.array(fc.tuple(fc.integer({ min: -60, max: 650 }), fc.integer({ min: 0, max: 120 })), {
        maxLength: 4,
      }),
    })
    .map(({ minutes, breakShare, breaks }): TeachingTime => ({
      startsAt,
      endsAt: at(minutes),
      breakMinutes: Math.floor(minutes * breakShare),
      breaks: breaks.map(([from, length]) => timed(from, from + length)),
    }));
  const policies = fc.record({
    graceMinutes: fc.integer({ min: 0, max: 30 }),
    absentAfterMinutes: fc.option(fc.integer({ min: 1, max: 600 })),
    checkOutRequired: fc.boolean(),
  });
  const spans = fc.array(
    fc
      .record({
        from: fc.integer({ min: -100_000, max: 40_000_000 }),
        length: fc.option(fc.integer({ min: 0, max: 40_000_000 })),
      })
      .map(({ from, length }): PresenceSpan => ({
        from: addMs(startsAt, from),
        to: length === null ? null : addMs(startsAt, from + length),
      })),
    { maxLength: 5 },
  );

  test('proven minutes are whole, never negative, never more than the meeting has', () => {
    fc.assert(
      fc.property(meetings, spans, policies, (meeting, seen, judging) => {
        const { provenMinutes } = computeAttendance(meeting, seen, judging);
        expect(Number.isInteger(provenMinutes)).toBe(true);
        expect(provenMinutes).toBeGreaterThanOrEqual(0);
        expect(provenMinutes).toBeLessThanOrEqual(computeTeachingMinutes(meeting));
      }),
    );
  });

  test('who was there from start to end has proven all that the meeting has', () => {
    fc.assert(
      fc.property(meetings, policies, (meeting, judging) => {
        const all = computeAttendance(meeting, [{ from: meeting.startsAt, to: meeting.endsAt }], judging);
        expect(all.provenMinutes).toBe(computeTeachingMinutes(meeting));
      }),
    );
  });

  test('one more span never proves less, and the order does not matter', () => {
    fc.assert(
      fc.property(meetings, spans, spans, policies, (meeting, seen, more, judging) => {
        const some = computeAttendance(meeting, seen, judging).provenMinutes;
        const all = computeAttendance(meeting, [...seen, ...more], judging);
        expect(all.provenMinutes).toBeGreaterThanOrEqual(some);
        expect(computeAttendance(meeting, [...more, ...seen].reverse(), judging)).toEqual(all);
      }),
    );
  });

  test('"absent after" decides about the status alone', () => {
    fc.assert(
      fc.property(meetings, spans, policies, (meeting, seen, judging) => {
        const without = computeAttendance(meeting, seen, { ...judging, absentAfterMinutes: null });
        expect(computeAttendance(meeting, seen, judging).provenMinutes).toBe(without.provenMinutes);
      }),
    );
  });

  test('a wider grace never takes a minute away', () => {
    fc.assert(
      fc.property(meetings, spans, policies, fc.nat(30), (meeting, seen, judging, more) => {
        const wider = { ...judging, graceMinutes: judging.graceMinutes + more };
        expect(computeAttendance(meeting, seen, wider).provenMinutes).toBeGreaterThanOrEqual(
          computeAttendance(meeting, seen, judging).provenMinutes,
        );
      }),
    );
  });

  test('who comes later proves no more', () => {
    fc.assert(
      fc.property(meetings, policies, fc.nat(40_000), fc.nat(40_000), (meeting, judging, a, b) => {
        const proven = (seconds: number) =>
          computeAttendance(meeting, [{ from: addMs(startsAt, seconds * 1000), to: null }], judging)
            .provenMinutes;
        expect(proven(Math.max(a, b))).toBeLessThanOrEqual(proven(Math.min(a, b)));
      }),
    );
  });

  test('an earlier glimpse does not cost the grace of the real arrival', () => {
    const glimpse = { from: at(-1), to: at(0.1) };
    const arrival = { from: at(4), to: null };
    expect(computeAttendance(saturday, [glimpse, arrival], policy)).toEqual(
      computeAttendance(saturday, [arrival], policy),
    );
  });
});

describe('comings and goings', () => {
  const seen = (text: string) =>
    text
      .split(' ')
      .filter((part) => part !== '')
      .map((part) => ({
        direction: part.startsWith('in') ? ('in' as const) : ('out' as const),
        at: at(Number(part.replace(/^\D+/, ''))),
      }));
  test.each<[string, string, Pair[]]>([
    ['nothing', '', []],
    ['came', 'in3', [[3, null]]],
    ['came and went', 'in3 out90', [[3, 90]]],
    ['came twice: the first counts', 'in3 in40', [[3, null]]],
    ['went twice: the first counts', 'in3 out90 out100', [[3, 90]]],
    [
      'came, went, came again',
      'in3 out90 in120',
      [
        [3, 90],
        [120, null],
      ],
    ],
    [
      'two pairs',
      'in3 out90 in120 out200',
      [
        [3, 90],
        [120, 200],
      ],
    ],
    ['went without having come', 'out90', []],
    ['in whatever order they were told', 'out90 in3', [[3, 90]]],
  ])('%s', (_what, sights, pairs) => {
    expect(pairSights(seen(sights))).toEqual(presence(...pairs));
  });

  test('nothing seen says nothing', () => {
    expect(decideFromSights(saturday, seen('out20'), policy)).toBeUndefined();
    expect(decideFromSights(saturday, seen('in30'), policy)).toMatchObject({
      status: 'late',
      provenMinutes: 180,
    });
  });
});

describe('an accepted excuse', () => {
  const strict = { ...policy, absentAfterMinutes: 30 };
  test.each<[string, Pair[], boolean, object | undefined]>([
    ['stands where nothing was seen', [], true, { status: 'excused', source: 'excuse', provenMinutes: 0 }],
    ['gives way to whoever came', [[0, null]], true, { status: 'present', source: 'check-in' }],
    ['gives way to whoever came late', [[20, null]], true, { status: 'late', source: 'check-in' }],
    [
      'stands where somebody came too late, and takes no minute away',
      [[40, null]],
      true,
      { status: 'excused', source: 'excuse', provenMinutes: 170, spans: presence([40, null]) },
    ],
    ['without it too late is absent', [[40, null]], false, { status: 'absent', source: 'check-in' }],
    ['without it nothing is nothing', [], false, undefined],
  ])('%s', (_what, seen, isExcused, expected) => {
    const sights = seen.map(([from]) => ({ at: at(from), direction: 'in' as const }));
    const decided = decideFromEvidence(saturday, sights, strict, isExcused);
    if (expected === undefined) expect(decided).toBeUndefined();
    else expect(decided).toMatchObject(expected);
  });

  test('stays excused when its meeting moves or the policy changes; its minutes are counted anew', () => {
    const { status, spans } = excuseAbsence({
      provenMinutes: 170,
      isOpen: false,
      spans: presence([40, null]),
    });
    const longer = { ...saturday, endsAt: at(285), breakMinutes: 15 };
    expect(rejudge(longer, { source: 'excuse', status, spans }, policy)).toMatchObject({
      ...{ status: 'excused', provenMinutes: 230 },
    });
  });

  test('never leaves anybody with fewer proven minutes, or a worse word, than without it', () => {
    const sights = fc.array(
      fc.record({
        at: fc.integer({ min: -30, max: 260 }).map(at),
        direction: fc.constantFrom('in' as const, 'out' as const),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(sights, (seen) => {
        const without = decideFromEvidence(saturday, seen, strict, false);
        const excused = decideFromEvidence(saturday, seen, strict, true);
        expect(excused?.provenMinutes).toBe(without?.provenMinutes ?? 0);
        expect(excused?.status).toBe(
          without === undefined || without.status === 'absent' ? 'excused' : without.status,
        );
      }),
    );
  });
});

describe('what a teacher enters', () => {
  test.each([
    ['present', 210],
    ['absent', 0],
    ['excused', 0],
  ] as const)('the word "%s" proves %i minutes, without times', (status, provenMinutes) => {
    expect(decideFromWord(saturday, status)).toEqual({ status, provenMinutes, isOpen: false, spans: [] });
  });

  test('times are judged like any others; an open end means the meeting’s end', () => {
    const judging = { ...policy, checkOutRequired: true };
    expect(decideFromTimes(saturday, presence([30, null]), judging)).toMatchObject({
      status: 'late',
      provenMinutes: 180,
      isOpen: false,
    });
    expect(decideFromTimes(saturday, presence([0, 60], [120, 180]), judging)).toMatchObject({
      status: 'partial',
      provenMinutes: 120,
    });
  });

  const longer = { ...saturday, endsAt: at(285) };
  test.each([
    [
      'present stays all of it',
      decideFromWord(saturday, 'present'),
      'teacher',
      { status: 'present', provenMinutes: 270 },
    ],
    [
      'absent stays absent',
      decideFromWord(saturday, 'absent'),
      'teacher',
      { status: 'absent', provenMinutes: 0 },
    ],
    [
      'excused stays excused',
      decideFromWord(saturday, 'excused'),
      'teacher',
      { status: 'excused', provenMinutes: 0 },
    ],
    [
      'entered times stay the times',
      decideFromTimes(saturday, presence([30, 225]), policy),
      'teacher',
      { status: 'partial', provenMinutes: 180, spans: presence([30, 225]) },
    ],
    [
      'a check-in lasts until the new end',
      { ...computeAttendance(saturday, presence([30, null]), policy), spans: presence([30, null]) },
      'check-in',
      { status: 'late', provenMinutes: 240 },
    ],
  ] as const)('after the meeting became an hour longer: %s', (_what, record, source, expected) => {
    expect(rejudge(longer, { ...record, source }, policy)).toMatchObject(expected);
  });

  test('judging anew by the same times changes nothing', () => {
    for (const record of [
      decideFromWord(saturday, 'present'),
      decideFromTimes(saturday, presence([20, 90]), policy),
    ]) {
      expect(rejudge(saturday, { ...record, source: 'teacher' }, policy)).toEqual(record);
    }
  });
});

describe('countMinutes', () => {
  test.each<[proven: number, teaching: number, roundingMinutes: 0 | 5 | 15, counted: number]>([
    [204, 210, 0, 204],
    [204, 210, 5, 200],
    [204, 210, 15, 195],
    [210, 210, 15, 210],
    [208, 208, 15, 208],
    [4, 210, 5, 0],
    [220, 210, 0, 210],
  ])('%i of %i minutes in steps of %i are %i', (proven, teaching, roundingMinutes, counted) => {
    expect(countMinutes(proven, teaching, { roundingMinutes })).toBe(counted);
  });

  test('never more than was proven', () => {
    fc.assert(
      fc.property(
        fc.nat(600),
        fc.nat(600),
        fc.constantFrom(0 as const, 5 as const, 15 as const),
        (a, b, roundingMinutes) => {
          const [proven, teaching] = [Math.min(a, b), Math.max(a, b)];
          expect(countMinutes(proven, teaching, { roundingMinutes })).toBeLessThanOrEqual(proven);
        },
      ),
    );
  });
});

describe('computeTotals', () => {
  const day = (n: number, minute = 0) => addMs(startsAt, (n * 24 * 60 + minute) * minuteMs);
  const meeting = (id: string, n: number, change: Partial<MeetingToCount> = {}): MeetingToCount => ({
    id,
    startsAt: day(n),
    endsAt: day(n, 90),
    breakMinutes: 0,
    breaks: [],
    state: 'planned',
    isMandatory: true,
    sectionIds: [],
    isTaken: true,
    ...change,
  });
  const record = (meetingId: string, change: Partial<RecordToCount> = {}): RecordToCount => ({
    meetingId,
    status: 'present',
    provenMinutes: 90,
    isOpen: false,
    replacesMeetingId: null,
    ...change,
  });
  const always: EnrolmentSpan[] = [{ sectionId: null, startsAt: null, endsAt: null }];
  const now = day(100);
  const figures = (
    meetings: MeetingToCount[],
    records: RecordToCount[],
    { spans = always, counting = defaultPolicy, at: when = now } = {},
  ) => {
    const totals = computeTotals(meetings, { spans, records }, counting, when);
    return [totals.countedMinutes, totals.expectedMinutes, totals.attendedMeetings, totals.expectedMeetings];
  };

  test.each<[string, Partial<MeetingToCount>, RecordToCount[], number[]]>([
    ['attended', {}, [record('a')], [90, 90, 1, 1]],
    ['late', {}, [record('a', { status: 'late', provenMinutes: 60 })], [60, 90, 1, 1]],
    ['missed', {}, [record('a', { status: 'absent', provenMinutes: 0 })], [0, 90, 0, 1]],
    [
      'too late to be there, with minutes all the same',
      {},
      [record('a', { status: 'absent', provenMinutes: 40 })],
      [40, 90, 0, 1],
    ],
    ['others were taken, this one was not', {}, [], [0, 90, 0, 1]],
    ['nobody was taken: outside of every rate', { isTaken: false }, [], [0, 0, 0, 0]],
    ['cancelled', { state: 'cancelled' }, [record('a')], [0, 0, 0, 0]],
    ['not mandatory', { isMandatory: false }, [record('a')], [0, 0, 0, 0]],
    ['not over yet', { startsAt: day(100, -30), endsAt: day(100, 60) }, [record('a')], [0, 0, 0, 0]],
    ['over this very moment', { startsAt: day(100, -90), endsAt: day(100) }, [record('a')], [90, 90, 1, 1]],
    ['for another section', { sectionIds: ['A'] }, [], [0, 0, 0, 0]],
    [
      'an open record proves nothing, but is there',
      {},
      [record('a', { provenMinutes: 0, isOpen: true })],
      [0, 90, 1, 1],
    ],
  ])('%s', (_what, change, records, expected) => {
    expect(figures([meeting('a', 0, change)], records)).toEqual(expected);
  });

  test.each([
    ['exempt', [90, 90, 1, 1]],
    ['absent', [90, 180, 1, 2]],
    ['present', [180, 180, 2, 2]],
  ] as const)('excused time, %s', (excusedCounts, expected) => {
    const records = [record('a'), record('b', { status: 'excused', provenMinutes: 0 })];
    expect(
      figures([meeting('a', 0), meeting('b', 1)], records, { counting: { ...defaultPolicy, excusedCounts } }),
    ).toEqual(expected);
  });

  test('who moved from section A to B was due in A before, in B from that day on, and not the other way', () => {
    const meetings = [
      meeting('a0', 0, { sectionIds: ['A'] }),
      meeting('b0', 0, { sectionIds: ['B'] }),
      meeting('a2', 2, { sectionIds: ['A'] }),
      meeting('b2', 2, { sectionIds: ['B'], endsAt: day(2, 120) }),
    ];
    const spans = [
      { sectionId: 'A', startsAt: null, endsAt: day(1) },
      { sectionId: 'B', startsAt: day(1), endsAt: null },
    ];
    const totals = computeTotals(meetings, { spans, records: [] }, defaultPolicy, now);
    expect(totals.meetings.map((row) => row.meetingId)).toEqual(['a0', 'b2']);
    expect(totals.expectedMinutes).toBe(90 + 120);
  });

  test.each<[string, EnrolmentSpan, number]>([
    ['from the course’s start', { sectionId: null, startsAt: null, endsAt: null }, 3],
    ['came after the first', { sectionId: null, startsAt: day(0, 90), endsAt: null }, 2],
    ['came while it ran', { sectionId: null, startsAt: day(0, 89), endsAt: null }, 3],
    ['left before the last', { sectionId: null, startsAt: null, endsAt: day(2) }, 2],
    ['left while it ran', { sectionId: null, startsAt: null, endsAt: day(2, 1) }, 3],
  ])('expected are meetings inside the spans: %s', (_what, span, expected) => {
    const meetings = [meeting('a', 0), meeting('b', 1), meeting('c', 2)];
    expect(figures(meetings, [], { spans: [span] })[3]).toBe(expected);
  });

  test('two spans over one meeting expect it once', () => {
    const spans = [...always, { sectionId: 'A', startsAt: null, endsAt: null }];
    expect(figures([meeting('a', 0, { sectionIds: [] })], [], { spans })).toEqual([0, 90, 0, 1]);
  });

  describe('attending another section’s meeting in place of a missed one', () => {
    const spans = [{ sectionId: 'A', startsAt: null, endsAt: null }];
    const mine = meeting('mine', 0, { sectionIds: ['A'] });
    const theirs = meeting('theirs', 1, { sectionIds: ['B'], endsAt: day(1, 120) });
    const guest = record('theirs', { provenMinutes: 120, replacesMeetingId: 'mine' });

    test.each<[string, RecordToCount[], number[]]>([
      ['stands for it, and for no more than it had', [guest], [90, 90, 1, 1]],
      [
        'also when one was marked absent there',
        [record('mine', { status: 'absent', provenMinutes: 0 }), guest],
        [90, 90, 1, 1],
      ],
      [
        'and when one was excused',
        [record('mine', { status: 'excused', provenMinutes: 0 }), guest],
        [90, 90, 1, 1],
      ],
      [
        'not beside one’s own presence',
        [record('mine', { status: 'late', provenMinutes: 40 }), guest],
        [40, 90, 1, 1],
      ],
      [
        'not when one was absent there too',
        [{ ...guest, status: 'absent', provenMinutes: 0 }],
        [0, 90, 0, 1],
      ],
      ['not without being named', [{ ...guest, replacesMeetingId: null }], [0, 90, 0, 1]],
    ])('%s', (_what, records, expected) => {
      expect(figures([mine, theirs], records, { spans })).toEqual(expected);
    });

    test.each<[string, Partial<MeetingToCount>]>([
      ['was called off', { state: 'cancelled' }],
      ['is not over yet', { endsAt: day(101) }],
    ])('counts no more than any meeting that %s', (_what, change) => {
      expect(figures([mine, { ...theirs, ...change }], [guest], { spans })).toEqual([0, 90, 0, 1]);
    });

    test('a meeting that one was due at oneself stands for itself alone', () => {
      const also = { ...theirs, sectionIds: [] };
      expect(figures([mine, also], [guest], { spans })).toEqual([120, 90 + 120, 1, 2]);
    });
  });

  test('rounding counts row by row', () => {
    const records = [
      record('a', { status: 'late', provenMinutes: 88 }),
      record('b', { status: 'late', provenMinutes: 44 }),
    ];
    const counting = { ...defaultPolicy, roundingMinutes: 15 as const };
    expect(figures([meeting('a', 0), meeting('b', 1)], records, { counting })).toEqual([75 + 30, 180, 2, 2]);
  });

  test('figures are the sum of their rows, and never count more than was expected', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const statuses = fc.constantFrom<RecordToCount['status']>(
      'present',
      'late',
      'partial',
      'absent',
      'excused',
    );
    const section = fc.constantFrom('A', 'B');
    const minute = fc.option(fc.integer({ min: -2, max: 7 }).map((n) => day(n)));
    fc.assert(
      fc.property(
        fc.tuple(
          ...ids.map((id, index) =>
            fc
              .record({ sections: fc.subarray(['A', 'B']), isMandatory: fc.boolean(), isTaken: fc.boolean() })
              .map(({ sections, ...change }) => meeting(id, index, { ...change, sectionIds: sections })),
          ),
        ),
        fc.array(fc.record({ sectionId: section, startsAt: minute, endsAt: minute }), { maxLength: 3 }),
        fc.uniqueArray(
          fc.record({
            meetingId: fc.constantFrom(...ids),
            status: statuses,
            provenMinutes: fc.nat(90),
            isOpen: fc.boolean(),
            replacesMeetingId: fc.option(fc.constantFrom(...ids)),
          }),
          { selector: (row) => row.meetingId },
        ),
        fc.constantFrom('exempt' as const, 'absent' as const, 'present' as const),
        fc.constantFrom(0 as const, 5 as const, 15 as const),
        (meetings, spans, records, excusedCounts, roundingMinutes) => {
          const totals = computeTotals(meetings, { spans, records }, { excusedCounts, roundingMinutes }, now);
          const sum = (pick: (row: (typeof totals.meetings)[number]) => number) =>
            totals.meetings.map(pick).reduce((a, b) => a + b, 0);
          expect(totals.countedMinutes).toBe(sum((row) => row.countedMinutes));
          expect(totals.expectedMinutes).toBe(sum((row) => row.expectedMinutes));
          expect(totals.countedMinutes).toBeLessThanOrEqual(totals.expectedMinutes);
          expect(totals.attendedMeetings).toBeLessThanOrEqual(totals.expectedMeetings);
          expect(new Set(totals.meetings.map((row) => row.meetingId)).size).toBe(totals.meetings.length);
        },
      ),
    );
  });
});

describe('rates', () => {
  const totals = { expectedMinutes: 900, countedMinutes: 720, expectedMeetings: 10, attendedMeetings: 9 };
  test('by minutes or by meetings, as the policy says', () => {
    expect(rateOf(totals, { rateBy: 'minutes' })).toEqual({ numerator: 720, denominator: 900 });
    expect(rateOf(totals, { rateBy: 'meetings' })).toEqual({ numerator: 9, denominator: 10 });
  });
  test('none before anything was expected', () => {
    expect(rateOf({ ...totals, expectedMinutes: 0 }, { rateBy: 'minutes' })).toBeNull();
  });

  test.each([
    [6996, 10_000, 699],
    [699_999, 1_000_000, 699],
    [7, 10, 700],
    [2, 3, 666],
    [1, 1, 1000],
    [0, 5, 0],
  ])('%i of %i is shown as %i tenths of a percent, rounded down', (numerator, denominator, tenths) => {
    expect(tenthsOfPercent({ numerator, denominator })).toBe(tenths);
  });

  test.each([
    ['exactly the threshold', 8, 10, 'fine'],
    ['a hair below, shown as 79.9', 799_999, 1_000_000, 'below'],
    ['a hair below, which would round to 80.0', 79_999_999, 100_000_000, 'below'],
    ['a third, whatever a computer makes of it', 1, 3, 'below'],
  ])('%s', (_what, numerator, denominator, standing) => {
    expect(standingOf({ numerator, denominator }, { requiredPercent: 80, warnPercent: null })).toBe(standing);
  });

  test.each([
    [84, 'at-risk'],
    [85, 'fine'],
    [79, 'below'],
  ])('with a warning at 85 %%: %i %% is %s', (numerator, standing) => {
    expect(standingOf({ numerator, denominator: 100 }, { requiredPercent: 80, warnPercent: 85 })).toBe(
      standing,
    );
  });
  test('nothing expected stands nowhere', () => {
    expect(standingOf(null, { requiredPercent: 80, warnPercent: 90 })).toBe('none');
  });
});
