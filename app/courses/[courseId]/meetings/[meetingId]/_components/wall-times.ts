import { parseDate, parseTime, toCalendarDateTime, toZoned } from '@internationalized/date';
import type { PresenceSpan } from '#lib/attendance/rules.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';

/** When a meeting takes place, on the wall clock and on the world's. */
export interface MeetingClock {
  localStart: string;
  localEnd: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

/** One pair as it stands in the fields: `HH:MM`; no end: until the meeting's end. */
export interface TypedPair {
  from: string;
  to: string;
  /** What the fields began with; while nothing is typed it stays as it was seen, to the second. */
  seen?: { from: string; to: string; span: { from: string; to: string | null } };
}

export type PairProblem = { at: 'from' | 'to'; key: MessageKey };

/**
 * The instants at which the wall shows this time, near the meeting: on its first day, or on its last when it goes over
 * midnight. Empty: the clocks skip it.
 */
function readings(
  time: string,
  { localStart, localEnd, startsAt, endsAt, timeZone }: MeetingClock,
): number[] {
  const days = [...new Set([localStart.slice(0, 10), localEnd.slice(0, 10)])];
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)];
  const found = days.flatMap((day) => {
    const local = toCalendarDateTime(parseDate(day), parseTime(time));
    // In the hour that comes twice there are two; a time that the clocks skip reads as another one.
    return (['earlier', 'later'] as const)
      .map((which) => toZoned(local, timeZone, which))
      .filter((zoned) => zoned.hour === local.hour && zoned.minute === local.minute)
      .map((zoned) => zoned.toDate().getTime());
  });
  const distance = (at: number) => Math.max(start - at, at - end, 0);
  const nearest = Math.min(...found.map(distance));
  return [...new Set(found)].filter((at) => distance(at) === nearest).sort((a, b) => a - b);
}

/** What a pair of fields means. A going that comes twice on the wall is the first one after the coming. */
export function readPair(
  pair: TypedPair,
  clock: MeetingClock,
): { ok: true; span: PresenceSpan } | { ok: false; problem: PairProblem } {
  const { seen } = pair;
  const problem = (at: PairProblem['at'], key: MessageKey) => ({ ok: false as const, problem: { at, key } });
  if (pair.from === '') return problem('from', 'register.times.problem.from');
  const from = seen?.from === pair.from ? Date.parse(seen.span.from) : readings(pair.from, clock)[0];
  if (from === undefined) return problem('from', 'register.times.problem.no-such-time');
  if (pair.to === '') {
    return from < Date.parse(clock.endsAt)
      ? { ok: true, span: { from: new Date(from), to: null } }
      : problem('to', 'register.times.problem.order');
  }
  const seenTo = seen?.to === pair.to ? seen.span.to : null;
  const ends = seenTo === null ? readings(pair.to, clock) : [Date.parse(seenTo)];
  if (ends.length === 0) return problem('to', 'register.times.problem.no-such-time');
  const to = ends.find((at) => at > from);
  if (to === undefined) return problem('to', 'register.times.problem.order');
  return { ok: true, span: { from: new Date(from), to: new Date(to) } };
}

/** This minute's beginning: nobody is credited with what has not passed. */
export function wholeMinute(atMs: number): Date {
  return new Date(Math.floor(atMs / 60_000) * 60_000);
}
