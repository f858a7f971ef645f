import type { RecordSource } from '../db/schema.ts';
import type { Status } from '../base/statuses.ts';

export type ExcuseState = 'submitted' | 'accepted' | 'declined' | 'withdrawn';

/** What stands in the register for a student at a meeting. */
export interface Standing {
  status: Status | null;
  source: RecordSource | null;
}

/** A meeting that a student may excuse themselves from. */
export interface MeetingToExcuse extends Standing {
  id: string;
  /** First day of the meeting in its own zone, "2026-11-28". */
  localStart: string;
  endsAt: Date;
  state: 'planned' | 'cancelled';
  /** Somebody has a record of it. */
  isTaken: boolean;
  /** An excuse of theirs that waits, or was accepted for it. */
  excuse: { id: string; state: ExcuseState } | null;
}

/** Whether it is over, was taken, and they were not there: what an excuse is handed in for first. */
export function isMissed(
  meeting: Pick<MeetingToExcuse, 'status' | 'isTaken' | 'endsAt'>,
  now: Date,
): boolean {
  return meeting.status === 'absent' || (meeting.status === null && meeting.isTaken && meeting.endsAt <= now);
}

/** Whether a student may name it in a new excuse: it takes place, and no other excuse of theirs stands for it. */
export function isChoosable({ state, excuse }: Pick<MeetingToExcuse, 'state' | 'excuse'>): boolean {
  return state === 'planned' && excuse === null;
}

/** Meetings that begin on these days, both inclusive. */
export function meetingsOfDays<M extends Pick<MeetingToExcuse, 'localStart'>>(
  meetings: readonly M[],
  { fromDay, toDay }: { fromDay: string; toDay: string },
): M[] {
  return meetings.filter(({ localStart }) => {
    const day = localStart.slice(0, 10);
    return fromDay <= day && day <= toDay;
  });
}

/** What accepting an excuse does to what stands there: an absence is excused, whoever was there stays. */
export type ExcuseEffect = 'excuses' | 'was-there' | 'excused-already';

export function effectOn({ status }: Pick<Standing, 'status'>): ExcuseEffect {
  if (status === null || status === 'absent') return 'excuses';
  return status === 'excused' ? 'excused-already' : 'was-there';
}
