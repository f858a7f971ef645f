import type { CoursePolicy } from '../base/course-policy.ts';
import type { Status } from '../base/statuses.ts';
import { minuteMs } from '../base/minute.ts';
import type { RecordSource, TimedBreak } from '../db/schema.ts';

/** What of a meeting decides about minutes. */
export interface TeachingTime {
  startsAt: Date;
  endsAt: Date;
  /** Minutes of a break without times: it lies in the middle of the meeting. */
  breakMinutes: number;
  /** Breaks by the clock; what lies outside of the meeting takes nothing away. */
  breaks: readonly TimedBreak[];
}

/** What of a course's policy decides about a single record. */
export type JudgingPolicy = Pick<CoursePolicy, 'graceMinutes' | 'absentAfterMinutes' | 'checkOutRequired'>;

/** A stretch of presence, as it was seen or entered. No end: until the meeting's end. */
export interface PresenceSpan {
  from: Date;
  to: Date | null;
}

export interface Attendance {
  status: 'present' | 'late' | 'partial' | 'absent';
  /** Whole minutes of teaching time, rounded down; from 0 to what the meeting has. */
  provenMinutes: number;
  /** A required check-out is missing: what it would end proves nothing until a teacher decides. */
  isOpen: boolean;
}

type Stretch = [fromMs: number, toMs: number];

/** In order, overlaps and touching ends merged, so that no minute counts twice. */
function merge(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

function overlapMs(some: readonly Stretch[], others: readonly Stretch[]): number {
  return some
    .flatMap(([from, to]) =>
      others.map(([otherFrom, otherTo]) => Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom))),
    )
    .reduce((sum, ms) => sum + ms, 0);
}

/** The meeting less its breaks. */
function teachingStretches({ startsAt, endsAt, breakMinutes, breaks }: TeachingTime): Stretch[] {
  const [start, end] = [startsAt.getTime(), endsAt.getTime()];
  const untimedMs = Math.min(Math.max(0, breakMinutes) * minuteMs, end - start);
  const untimedStart = start + (end - start - untimedMs) / 2;
  const off = merge([
    [untimedStart, untimedStart + untimedMs],
    ...breaks.map(({ from, to }): Stretch => [Date.parse(from), Date.parse(to)]),
  ]);
  const teaching: Stretch[] = [];
  let at = start;
  for (const [from, to] of off) {
    if (from > at) teaching.push([at, Math.min(from, end)]);
    at = Math.max(at, to);
    if (at >= end) break;
  }
  if (at < end) teaching.push([at, end]);
  return teaching.filter(([from, to]) => from < to);
}

/**
 * Presence inside the meeting. A span that begins within grace of the start begins at the start, one that ends within
 * grace of the end ends there: span by span, so that one more span never takes anything away.
 */
function presenceStretches(
  { startsAt, endsAt }: TeachingTime,
  spans: readonly PresenceSpan[],
  graceMinutes: number,
): Stretch[] {
  const [start, end] = [startsAt.getTime(), endsAt.getTime()];
  const graceMs = Math.max(0, graceMinutes) * minuteMs;
  return merge(
    spans
      .map((span): Stretch => [
        Math.max(start, span.from.getTime()),
        Math.min(end, span.to?.getTime() ?? Number.POSITIVE_INFINITY),
      ])
      .filter(([from, to]) => from < to)
      .map(([from, to]): Stretch => [from <= start + graceMs ? start : from, to >= end - graceMs ? end : to]),
  );
}

/** Whole minutes of teaching time that a meeting has. */
export function computeTeachingMinutes(meeting: TeachingTime): number {
  const ms = teachingStretches(meeting).reduce((sum, [from, to]) => sum + to - from, 0);
  return Math.floor(ms / minuteMs);
}

/**
 * Turns presence into status and net minutes (DESIGN.md § 5). Proven minutes are the overlap of presence with teaching
 * time, never negative, never more than the meeting has. Leaving before grace makes `partial`, also for one who came
 * late; coming after grace makes `late`; coming after `absentAfterMinutes` makes `absent`, and takes no minute away; no
 * presence inside the meeting is `absent`. Where a check-out is required, a span without an end proves nothing.
 */
export function computeAttendance(
  meeting: TeachingTime,
  spans: readonly PresenceSpan[],
  policy: JudgingPolicy,
): Attendance {
  const presence = presenceStretches(meeting, spans, policy.graceMinutes);
  const [first, last] = [presence[0], presence.at(-1)];
  if (first === undefined || last === undefined) return { status: 'absent', provenMinutes: 0, isOpen: false };
  const start = meeting.startsAt.getTime();
  const isTooLate =
    policy.absentAfterMinutes !== null && first[0] > start + policy.absentAfterMinutes * minuteMs;
  const leftEarly = last[1] < meeting.endsAt.getTime();

  const isProof = (span: PresenceSpan) => !policy.checkOutRequired || span.to !== null;
  const proof = presenceStretches(meeting, spans.filter(isProof), policy.graceMinutes);
  return {
    status: isTooLate ? 'absent' : leftEarly ? 'partial' : first[0] > start ? 'late' : 'present',
    provenMinutes: Math.floor(overlapMs(proof, teachingStretches(meeting)) / minuteMs),
    isOpen: !spans.every(isProof),
  };
}

/** One sight of a member: a check-in or a check-out. */
export interface Sight {
  at: Date;
  direction: 'in' | 'out';
}

/**
 * Pairs comings and goings. Of two comings without a going between them the first counts; a going without a coming
 * before it proves nothing.
 */
export function pairSights(sights: readonly Sight[]): PresenceSpan[] {
  const spans: PresenceSpan[] = [];
  let cameAt: Date | undefined;
  for (const { at, direction } of [...sights].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    if (direction === 'in') cameAt ??= at;
    else if (cameAt !== undefined) {
      spans.push({ from: cameAt, to: at });
      cameAt = undefined;
    }
  }
  return cameAt === undefined ? spans : [...spans, { from: cameAt, to: null }];
}

/** What a record should say, and the presence behind it. */
export interface DecidedRecord {
  status: Status;
  provenMinutes: number;
  isOpen: boolean;
  spans: PresenceSpan[];
}

/** What check-ins and check-outs prove; undefined when there is nothing to say. */
export function decideFromSights(
  meeting: TeachingTime,
  sights: readonly Sight[],
  policy: JudgingPolicy,
): DecidedRecord | undefined {
  const spans = pairSights(sights);
  return spans.length === 0 ? undefined : { ...computeAttendance(meeting, spans, policy), spans };
}

/** What evidence makes of a record, with an accepted excuse where there is one, and whose word that is. */
export interface DecidedFromEvidence extends DecidedRecord {
  source: 'check-in' | 'excuse';
}

/**
 * What stands where no teacher has said anything: whoever was seen was there, and an accepted excuse stands in the place
 * of an absence. It takes no proven minute away. Undefined: nothing to say.
 *
 * @param isExcused an accepted excuse names this meeting
 */
export function decideFromEvidence(
  meeting: TeachingTime,
  sights: readonly Sight[],
  policy: JudgingPolicy,
  isExcused: boolean,
): DecidedFromEvidence | undefined {
  const seen = decideFromSights(meeting, sights, policy);
  if (isExcused && (seen === undefined || seen.status === 'absent')) return excuseAbsence(seen);
  return seen && { ...seen, source: 'check-in' };
}

/** An absence that is excused: minutes and times that were proven all the same stay. */
export function excuseAbsence(
  absence: Omit<DecidedRecord, 'status'> | undefined,
): DecidedRecord & { status: 'excused'; source: 'excuse' } {
  const { provenMinutes, isOpen, spans } = absence ?? { provenMinutes: 0, isOpen: false, spans: [] };
  return { status: 'excused', source: 'excuse', provenMinutes, isOpen, spans };
}

/** What times prove that a teacher has entered. A teacher who leaves the end open means the meeting's end. */
export function decideFromTimes(
  meeting: TeachingTime,
  spans: readonly PresenceSpan[],
  policy: JudgingPolicy,
): DecidedRecord {
  return {
    ...computeAttendance(meeting, spans, { ...policy, checkOutRequired: false }),
    spans: [...spans],
  };
}

/** What a teacher's word proves: present for all of the teaching time, wherever the meeting moves, or none of it. */
export function decideFromWord(
  meeting: TeachingTime,
  status: 'present' | 'absent' | 'excused',
): DecidedRecord {
  const provenMinutes = status === 'present' ? computeTeachingMinutes(meeting) : 0;
  return { status, provenMinutes, isOpen: false, spans: [] };
}

/**
 * Judges a record anew, by a meeting's new times or a new policy. What a teacher entered, and what was excused, stays
 * what it says.
 */
export function rejudge(
  meeting: TeachingTime,
  record: { source: RecordSource; status: Status; spans: readonly PresenceSpan[] },
  policy: JudgingPolicy,
): DecidedRecord {
  const { source, status, spans } = record;
  if (source === 'check-in') return { ...computeAttendance(meeting, spans, policy), spans: [...spans] };
  if (source === 'excuse') {
    const { source: _, ...excused } = excuseAbsence({
      ...computeAttendance(meeting, spans, policy),
      spans: [...spans],
    });
    return excused;
  }
  if (spans.length > 0) return decideFromTimes(meeting, spans, policy);
  return decideFromWord(meeting, status === 'absent' || status === 'excused' ? status : 'present');
}

/**
 * Minutes as a course counts them: down to whole steps, so that nothing counts that was not proven. Who was there for
 * all of it has all of it.
 */
export function countMinutes(
  provenMinutes: number,
  teachingMinutes: number,
  { roundingMinutes }: Pick<CoursePolicy, 'roundingMinutes'>,
): number {
  if (roundingMinutes === 0 || provenMinutes >= teachingMinutes)
    return Math.min(provenMinutes, teachingMinutes);
  return Math.floor(provenMinutes / roundingMinutes) * roundingMinutes;
}

/** When a member was enrolled, and where. No start: since the course began. No end: still. */
export interface EnrolmentSpan {
  sectionId: string | null;
  startsAt: Date | null;
  endsAt: Date | null;
}

export interface MeetingToCount extends TeachingTime {
  id: string;
  state: 'planned' | 'cancelled';
  isMandatory: boolean;
  /** Whom it is for; empty: every section. */
  sectionIds: readonly string[];
  /** Somebody has a record of it that is more than an excuse. A meeting that nobody took is outside everyone's rate. */
  isTaken: boolean;
}

export interface RecordToCount {
  meetingId: string;
  status: Status;
  provenMinutes: number;
  isOpen: boolean;
  /** The missed meeting that this attendance stands for. */
  replacesMeetingId: string | null;
}

/** Whether a member was due: enrolled while it was held, in a section that it was for. `spanExpectsAt` is the same in SQL. */
export function isExpectedAt(
  meeting: Pick<MeetingToCount, 'startsAt' | 'endsAt' | 'sectionIds'>,
  spans: readonly EnrolmentSpan[],
): boolean {
  return spans.some(
    ({ sectionId, startsAt, endsAt }) =>
      (startsAt === null || startsAt < meeting.endsAt) &&
      (endsAt === null || endsAt > meeting.startsAt) &&
      (meeting.sectionIds.length === 0 || (sectionId !== null && meeting.sectionIds.includes(sectionId))),
  );
}

/** What one meeting contributes to a member's figures. */
export interface CountedMeeting {
  meetingId: string;
  /** Minutes that were expected; 0 for excused time that is left out. */
  expectedMinutes: number;
  countedMinutes: number;
  isAttended: boolean;
  /** Excused time that the policy leaves out of the rate. */
  isExempt: boolean;
  /** The record that counts; null: none, although others have one. */
  record: RecordToCount | null;
  /** The meeting of another section that was attended in its place. */
  replacedBy: string | null;
}

export interface Totals {
  expectedMinutes: number;
  countedMinutes: number;
  expectedMeetings: number;
  attendedMeetings: number;
  /** The rows that the figures come from, in the order of the meetings. */
  meetings: CountedMeeting[];
}

/** An exact share, so that no rounding decides about a threshold. */
export interface Rate {
  numerator: number;
  denominator: number;
}

const attended: readonly Status[] = ['present', 'late', 'partial'];

/**
 * A member's figures: minutes and meetings that were expected of them until now, and what of it counts. Expected are
 * mandatory, not cancelled meetings that are over and taken, inside the member's spans (DESIGN.md § 5, "Totals").
 */
export function computeTotals(
  meetings: readonly MeetingToCount[],
  member: { spans: readonly EnrolmentSpan[]; records: readonly RecordToCount[] },
  policy: Pick<CoursePolicy, 'excusedCounts' | 'roundingMinutes'>,
  now: Date,
): Totals {
  const records = new Map(member.records.map((record) => [record.meetingId, record]));
  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  // A meeting that one was due at oneself stands for itself and for no other.
  const substitutes = new Map(
    member.records.flatMap((record) => {
      const held = byId.get(record.meetingId);
      const stands =
        record.replacesMeetingId !== null &&
        held?.state === 'planned' &&
        held.endsAt <= now &&
        attended.includes(record.status) &&
        !isExpectedAt(held, member.spans);
      return stands ? [[record.replacesMeetingId, record] as const] : [];
    }),
  );
  const counted = meetings
    .filter(
      (meeting) =>
        meeting.state === 'planned' &&
        meeting.isMandatory &&
        meeting.isTaken &&
        meeting.endsAt <= now &&
        isExpectedAt(meeting, member.spans),
    )
    .map((meeting) => countMeeting(meeting, records.get(meeting.id), substitutes.get(meeting.id), policy));
  return {
    expectedMinutes: sum(counted.map((row) => row.expectedMinutes)),
    countedMinutes: sum(counted.map((row) => row.countedMinutes)),
    expectedMeetings: counted.filter((row) => !row.isExempt).length,
    attendedMeetings: counted.filter((row) => row.isAttended).length,
    meetings: counted,
  };
}

function countMeeting(
  meeting: MeetingToCount,
  record: RecordToCount | undefined,
  substitute: RecordToCount | undefined,
  policy: Pick<CoursePolicy, 'excusedCounts' | 'roundingMinutes'>,
): CountedMeeting {
  const teachingMinutes = computeTeachingMinutes(meeting);
  const row = {
    meetingId: meeting.id,
    expectedMinutes: teachingMinutes,
    countedMinutes: 0,
    isAttended: false,
    isExempt: false,
    record: record ?? null,
    replacedBy: null,
  };
  const wasThere = record !== undefined && attended.includes(record.status);
  if (!wasThere && substitute !== undefined) {
    return {
      ...row,
      countedMinutes: countMinutes(
        Math.min(substitute.provenMinutes, teachingMinutes),
        teachingMinutes,
        policy,
      ),
      isAttended: true,
      replacedBy: substitute.meetingId,
    };
  }
  if (record === undefined) return row;
  if (record.status === 'excused') {
    if (policy.excusedCounts === 'exempt') return { ...row, expectedMinutes: 0, isExempt: true };
    if (policy.excusedCounts === 'present')
      return { ...row, countedMinutes: teachingMinutes, isAttended: true };
    return row;
  }
  return {
    ...row,
    countedMinutes: countMinutes(record.provenMinutes, teachingMinutes, policy),
    isAttended: wasThere,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

/** A member's rate as the course's policy offers it; null before anything was expected. */
export function rateOf(
  totals: Omit<Totals, 'meetings'>,
  { rateBy }: Pick<CoursePolicy, 'rateBy'>,
): Rate | null {
  const rate =
    rateBy === 'minutes'
      ? { numerator: totals.countedMinutes, denominator: totals.expectedMinutes }
      : { numerator: totals.attendedMeetings, denominator: totals.expectedMeetings };
  return rate.denominator === 0 ? null : rate;
}

/** A rate in tenths of a percent, rounded down: 69.96 % is 699, so that it is never shown as 70 %. */
export function tenthsOfPercent({ numerator, denominator }: Rate): number {
  return Math.floor((numerator * 1000) / denominator);
}

/** Where a rate stands against the course's thresholds: exact fractions are compared, not what is shown. */
export function standingOf(
  rate: Rate | null,
  { requiredPercent, warnPercent }: Pick<CoursePolicy, 'requiredPercent' | 'warnPercent'>,
): 'none' | 'fine' | 'at-risk' | 'below' {
  if (rate === null) return 'none';
  const isBelow = (percent: number) => rate.numerator * 100 < percent * rate.denominator;
  if (isBelow(requiredPercent)) return 'below';
  return warnPercent !== null && isBelow(warnPercent) ? 'at-risk' : 'fine';
}

/** A member's figures with what they amount to in their course. */
export interface MemberTotals extends Omit<Totals, 'meetings'> {
  /** By minutes or by meetings, as the course's policy says; null before anything was expected. */
  rate: Rate | null;
  standing: ReturnType<typeof standingOf>;
}

/** What a member's figures amount to, by the course's policy; without the rows that they come from. */
export function rateTotals(
  { meetings: _rows, ...totals }: Totals,
  policy: Pick<CoursePolicy, 'rateBy' | 'requiredPercent' | 'warnPercent'>,
): MemberTotals {
  const rate = rateOf(totals, policy);
  return { ...totals, rate, standing: standingOf(rate, policy) };
}
