import { minuteMs } from '../base/time.ts';

/** What of a meeting decides about attendance. */
export interface TeachingTime {
  startsAt: Date;
  endsAt: Date;
  /** A break given only as minutes lies in the middle of the meeting. */
  breakMinutes: number;
  /** Coming or leaving within so many minutes of start or end counts as being there from start, to end. */
  graceMinutes: number;
}

/** A stretch of presence. No end: until the meeting's end. */
export interface PresenceSpan {
  from: Date;
  to: Date | null;
}

export interface Attendance {
  status: 'present' | 'late' | 'partial' | 'absent';
  /** Whole minutes of teaching time, rounded down; from 0 to what the meeting has. */
  provenMinutes: number;
}

/** Grace at both ends, until a course has a policy of its own. */
export const defaultGraceMinutes = 5;

type Stretch = [fromMs: number, toMs: number];

function overlapMs([from, to]: Stretch, [otherFrom, otherTo]: Stretch): number {
  return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
}

/** The meeting less its break. */
function teachingStretches({ startsAt, endsAt, breakMinutes }: TeachingTime): Stretch[] {
  const [start, end] = [startsAt.getTime(), endsAt.getTime()];
  const breakMs = Math.min(Math.max(0, breakMinutes) * minuteMs, end - start);
  const breakStart = start + (end - start - breakMs) / 2;
  return [
    [start, breakStart],
    [breakStart + breakMs, end],
  ];
}

/**
 * Presence inside the meeting, in order, overlaps merged, so that no minute counts twice. A span that begins
 * within grace of the start begins at the start, one that ends within grace of the end ends there: span by
 * span, so that one more span never takes anything away.
 */
function presenceStretches(
  { startsAt, endsAt, graceMinutes }: TeachingTime,
  spans: readonly PresenceSpan[],
): Stretch[] {
  const [start, end] = [startsAt.getTime(), endsAt.getTime()];
  const graceMs = Math.max(0, graceMinutes) * minuteMs;
  const inside = spans
    .map((span): Stretch => [
      Math.max(start, span.from.getTime()),
      Math.min(end, span.to?.getTime() ?? Number.POSITIVE_INFINITY),
    ])
    .filter(([from, to]) => from < to)
    .map(([from, to]): Stretch => [from <= start + graceMs ? start : from, to >= end - graceMs ? end : to])
    .sort((a, b) => a[0] - b[0]);
  const merged: Stretch[] = [];
  for (const stretch of inside) {
    const last = merged.at(-1);
    if (last !== undefined && stretch[0] <= last[1]) last[1] = Math.max(last[1], stretch[1]);
    else merged.push(stretch);
  }
  return merged;
}

/** Minutes of teaching time that a meeting has. */
export function computeTeachingMinutes(
  meeting: Pick<TeachingTime, 'startsAt' | 'endsAt' | 'breakMinutes'>,
): number {
  const stretches = teachingStretches({ ...meeting, graceMinutes: 0 });
  return Math.floor(stretches.reduce((sum, [from, to]) => sum + to - from, 0) / minuteMs);
}

/**
 * The instant from which an arrival counts: the meeting's start for whoever comes before it or within grace,
 * else the arrival itself. The real arrival is kept in the evidence.
 */
export function countedFrom(meeting: Pick<TeachingTime, 'startsAt' | 'graceMinutes'>, arrival: Date): Date {
  const graceEnds = meeting.startsAt.getTime() + meeting.graceMinutes * minuteMs;
  return arrival.getTime() <= graceEnds ? meeting.startsAt : arrival;
}

/**
 * Turns presence into status and net minutes. Proven minutes are the overlap of presence with teaching time,
 * never negative, never more than the meeting has. Leaving before grace makes `partial`, also for one who came
 * late; coming after grace makes `late`; no presence inside the meeting is `absent`.
 */
export function computeAttendance(meeting: TeachingTime, spans: readonly PresenceSpan[]): Attendance {
  const presence = presenceStretches(meeting, spans);
  const [first, last] = [presence[0], presence.at(-1)];
  if (first === undefined || last === undefined) return { status: 'absent', provenMinutes: 0 };

  const late = first[0] > meeting.startsAt.getTime();
  const leftEarly = last[1] < meeting.endsAt.getTime();

  const teaching = teachingStretches(meeting);
  const provenMs = presence
    .flatMap((stretch) => teaching.map((part) => overlapMs(stretch, part)))
    .reduce((sum, ms) => sum + ms, 0);
  return {
    status: leftEarly ? 'partial' : late ? 'late' : 'present',
    provenMinutes: Math.floor(provenMs / minuteMs),
  };
}

/** What a record should say, and the presence behind it. */
export interface DecidedRecord {
  status: Attendance['status'] | 'excused';
  provenMinutes: number;
  spans: PresenceSpan[];
}

/** What an arrival proves, taken to last until the meeting's end. */
export function decideFromArrival(meeting: TeachingTime, arrival: Date): DecidedRecord {
  const spans = [{ from: countedFrom(meeting, arrival), to: null }];
  return { ...computeAttendance(meeting, spans), spans };
}

/** What a teacher's word proves: present for all of the teaching time, otherwise none of it. */
export function decideFromMark(
  meeting: TeachingTime,
  status: 'present' | 'absent' | 'excused',
): DecidedRecord {
  if (status !== 'present') return { status, provenMinutes: 0, spans: [] };
  return { ...decideFromArrival(meeting, meeting.startsAt), status: 'present' };
}
