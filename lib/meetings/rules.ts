import { Temporal } from 'temporal-polyfill';
import { instantOfLocal, localOfInstant, minuteMs } from '../base/time.ts';
import type { MeetingField, MeetingInput } from './input.ts';

export type MeetingProblem =
  | 'meeting.problem.title'
  | 'meeting.problem.date'
  | 'meeting.problem.from'
  | 'meeting.problem.to'
  | 'meeting.problem.end-before-start'
  | 'meeting.problem.no-such-time'
  | 'meeting.problem.break'
  | 'meeting.problem.room';

export type MeetingProblems = Partial<Record<MeetingField, MeetingProblem>>;

export interface MeetingTimes {
  localStart: string;
  localEnd: string;
  startsAt: Date;
  endsAt: Date;
}

/**
 * Places a meeting in time. The planned local reading is what counts: 09:00 stays 09:00 when the clocks change.
 * A reading that the clock skips in spring is refused, because nobody can come at it.
 *
 * @param timeZone the course's zone (IANA)
 * @param mayCrossMidnight an end that is not after the start lies on the next day
 */
export function decideMeetingTimes(
  input: Pick<MeetingInput, 'date' | 'from' | 'to' | 'breakMinutes'>,
  timeZone: string,
  { mayCrossMidnight = false } = {},
): { ok: true; times: MeetingTimes } | { ok: false; problems: MeetingProblems } {
  const refused = (problems: MeetingProblems) => ({ ok: false as const, problems });
  if (!isDay(input.date)) return refused({ date: 'meeting.problem.date' });
  const localStart = `${input.date}T${input.from}`;
  const endDate =
    mayCrossMidnight && input.to <= input.from
      ? Temporal.PlainDate.from(input.date).add({ days: 1 }).toString()
      : input.date;
  const localEnd = `${endDate}T${input.to}`;
  if (localEnd <= localStart) return refused({ to: 'meeting.problem.end-before-start' });
  const startsAt = instantOfLocal(localStart, timeZone);
  const endsAt = instantOfLocal(localEnd, timeZone);
  if (localOfInstant(startsAt, timeZone) !== localStart)
    return refused({ from: 'meeting.problem.no-such-time' });
  if (localOfInstant(endsAt, timeZone) !== localEnd) return refused({ to: 'meeting.problem.no-such-time' });
  if (endsAt.getTime() - startsAt.getTime() <= input.breakMinutes * minuteMs) {
    return refused({ breakMinutes: 'meeting.problem.break' });
  }
  return { ok: true, times: { localStart, localEnd, startsAt, endsAt } };
}

const unplannedMs = 90 * minuteMs;

/** A meeting that begins in this very minute and lasts 90 minutes, past midnight or a change of clocks too. */
export function decideUnplannedTimes(now: Date, timeZone: string): MeetingTimes {
  const startsAt = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs);
  const endsAt = new Date(startsAt.getTime() + unplannedMs);
  return {
    startsAt,
    endsAt,
    localStart: localOfInstant(startsAt, timeZone),
    localEnd: localOfInstant(endsAt, timeZone),
  };
}

/** Whether a meeting ends on another day than it begins. */
export function crossesMidnight(meeting: Pick<MeetingTimes, 'localStart' | 'localEnd'>): boolean {
  return meeting.localEnd.slice(0, 10) > meeting.localStart.slice(0, 10);
}

function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

interface Scheduled {
  startsAt: Date;
  endsAt: Date;
  state: 'planned' | 'cancelled';
}

const soonMs = 60 * minuteMs;
const justOverMs = 15 * minuteMs;

/**
 * The meeting that a teacher who opens the tool now most likely means: the one that runs, else the next within
 * an hour, else the one that ended less than 15 minutes ago.
 */
export function findMeetingOfMoment<M extends Scheduled>(meetings: readonly M[], now: Date): M | undefined {
  const at = now.getTime();
  const planned = meetings
    .filter((meeting) => meeting.state === 'planned')
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  return (
    // Of two that overlap, the one that began last: the other is being left.
    planned.findLast((m) => m.startsAt.getTime() <= at && at < m.endsAt.getTime()) ??
    planned.find((m) => at < m.startsAt.getTime() && m.startsAt.getTime() - at <= soonMs) ??
    planned.findLast((m) => m.endsAt.getTime() <= at && at - m.endsAt.getTime() < justOverMs)
  );
}

/**
 * The Monday of a day's week, as `YYYY-MM-DD`.
 *
 * @param local a date, or a wall clock's reading that begins with one ("2026-11-28T09:00")
 */
export function mondayOf(local: string): string {
  const day = Temporal.PlainDate.from(local.slice(0, 10));
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** How many weeks lie between the weeks of two days: 0 the same, 1 the following, negative before. */
export function weeksBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(mondayOf(from)).until(mondayOf(to), { largestUnit: 'weeks' }).weeks;
}

/**
 * Groups meetings by week, in the order given.
 *
 * @returns one group a week, with its Monday
 */
export function groupByWeek<M extends { localStart: string }>(
  meetings: readonly M[],
): { monday: string; meetings: M[] }[] {
  const weeks: { monday: string; meetings: M[] }[] = [];
  for (const meeting of meetings) {
    const monday = mondayOf(meeting.localStart);
    const week = weeks.at(-1);
    if (week?.monday === monday) week.meetings.push(meeting);
    else weeks.push({ monday, meetings: [meeting] });
  }
  return weeks;
}

/** What a new meeting most likely looks like, for the form to begin with. */
export interface SuggestedMeeting {
  date: string;
  from: string;
  to: string;
  breakMinutes: number;
  room: string | null;
}

/**
 * The course's last meeting a week later, or today when that is over; the first one 09:00 to 12:15 with a
 * quarter of an hour off.
 *
 * @param meetings the course's meetings, by start
 * @param today the course's date, `YYYY-MM-DD`
 */
export function suggestMeeting(
  meetings: readonly {
    localStart: string;
    localEnd: string;
    breakMinutes: number;
    room: string | null;
  }[],
  today: string,
): SuggestedMeeting {
  const last = meetings.at(-1);
  if (last === undefined) return { date: today, from: '09:00', to: '12:15', breakMinutes: 15, room: null };
  const next = Temporal.PlainDate.from(last.localStart.slice(0, 10)).add({ weeks: 1 }).toString();
  return {
    date: next < today ? today : next,
    from: last.localStart.slice(11, 16),
    to: last.localEnd.slice(11, 16),
    breakMinutes: last.breakMinutes,
    room: last.room,
  };
}
