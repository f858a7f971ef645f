import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, minuteMs } from '../base/time.ts';
import { computeAttendance, computeTeachingMinutes, countedFrom } from './rules.ts';
import type { PresenceSpan, TeachingTime } from './rules.ts';

const startsAt = new Date('2026-11-28T08:00:00Z');
const at = (minute: number) => addMs(startsAt, minute * minuteMs);
/** 09:00 to 12:45 with a break of 15 minutes, which lies from 10:45 to 11:00. */
const saturday: TeachingTime = { startsAt, endsAt: at(225), breakMinutes: 15, graceMinutes: 5 };

describe('computeAttendance', () => {
  test.each<[string, [from: number, to: number | null][], string, number]>([
    ['nothing', [], 'absent', 0],
    ['all of it', [[0, 225]], 'present', 210],
    ['until the end, not checked out', [[0, null]], 'present', 210],
    ['came early, left late', [[-30, 300]], 'present', 210],
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
    ['before the meeting only', [[-60, -10]], 'absent', 0],
    ['left at the start', [[-10, 0]], 'absent', 0],
    ['after the meeting only', [[226, null]], 'absent', 0],
    ['came at the very end', [[225, null]], 'absent', 0],
  ])('%s', (_what, spans, status, provenMinutes) => {
    const presence = spans.map(([from, to]) => ({ from: at(from), to: to === null ? null : at(to) }));
    expect(computeAttendance(saturday, presence)).toEqual({ status, provenMinutes });
  });

  const meetings = fc
    .record({
      minutes: fc.integer({ min: 1, max: 600 }),
      breakShare: fc.double({ min: 0, max: 0.9, noNaN: true }),
      graceMinutes: fc.integer({ min: 0, max: 30 }),
    })
    .map(({ minutes, breakShare, graceMinutes }) => ({
      startsAt,
      endsAt: at(minutes),
      breakMinutes: Math.floor(minutes * breakShare),
      graceMinutes,
    }));
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
      fc.property(meetings, spans, (meeting, presence) => {
        const { status, provenMinutes } = computeAttendance(meeting, presence);
        expect(Number.isInteger(provenMinutes)).toBe(true);
        expect(provenMinutes).toBeGreaterThanOrEqual(0);
        expect(provenMinutes).toBeLessThanOrEqual(computeTeachingMinutes(meeting));
        if (status === 'absent') expect(provenMinutes).toBe(0);
      }),
    );
  });

  test('an earlier glimpse does not cost the grace of the real arrival', () => {
    const glimpse = { from: at(-1), to: at(0.1) };
    const arrival = { from: at(4), to: null };
    expect(computeAttendance(saturday, [glimpse, arrival])).toEqual(computeAttendance(saturday, [arrival]));
  });

  test('one more span never proves less, and the order does not matter', () => {
    fc.assert(
      fc.property(meetings, spans, spans, (meeting, presence, more) => {
        const some = computeAttendance(meeting, presence).provenMinutes;
        const all = computeAttendance(meeting, [...presence, ...more]);
        expect(all.provenMinutes).toBeGreaterThanOrEqual(some);
        expect(computeAttendance(meeting, [...more, ...presence].reverse())).toEqual(all);
      }),
    );
  });

  test('who comes later proves no more', () => {
    fc.assert(
      fc.property(meetings, fc.nat(40_000), fc.nat(40_000), (meeting, a, b) => {
        const proven = (seconds: number) =>
          computeAttendance(meeting, [
            { from: countedFrom(meeting, addMs(startsAt, seconds * 1000)), to: null },
          ]).provenMinutes;
        expect(proven(Math.max(a, b))).toBeLessThanOrEqual(proven(Math.min(a, b)));
      }),
    );
  });
});

test('the counted arrival is the start within grace, the real one after it', () => {
  expect(countedFrom(saturday, at(-20))).toEqual(startsAt);
  expect(countedFrom(saturday, at(5))).toEqual(startsAt);
  expect(countedFrom(saturday, at(5.1))).toEqual(at(5.1));
});
