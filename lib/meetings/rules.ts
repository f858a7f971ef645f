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
 */
export function decideMeetingTimes(
  input: Pick<MeetingInput, 'date' | 'from' | 'to' | 'breakMinutes'>,
  timeZone: string,
): { ok: true; times: MeetingTimes } | { ok: false; problems: MeetingProblems } {
  const refused = (problems: MeetingProblems) => ({ ok: false as const, problems });
  if (!isDay(input.date)) return refused({ date: 'meeting.problem.date' });
  const localStart = `${input.date}T${input.from}`;
  const localEnd = `${input.date}T${input.to}`;
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
