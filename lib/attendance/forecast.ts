import type { CoursePolicy } from '../base/course-policy.ts';
import { computeTotals } from './rules.ts';
import type { CountedMeeting, EnrolmentSpan, MeetingToCount, Rate, RecordToCount } from './rules.ts';

/**
 * How far the required rate is, seen from now to the last planned meeting. "Missing" is missing without an excuse, and a
 * meeting counts as attended when it is attended from start to end.
 */
export type Outlook =
  /** Nothing has been expected, and nothing is planned. */
  | { kind: 'nothing' }
  /** Not even by attending all that is still to come; `best` is the rate that this would give. */
  | { kind: 'unreachable'; best: Rate }
  /** Also for whoever misses all that is still to come. */
  | { kind: 'safe' }
  | {
      kind: 'can-miss';
      /** So many meetings may be missed, whichever they are: the longest ones too. */
      meetings: number;
      /** So many counted minutes may be missing in all, exactly; null where the rate goes by meetings. */
      minutes: number | null;
    };

export interface Forecast {
  /** Due and held, but nobody has been taken yet: in no rate, and in no outlook. */
  untaken: CountedMeeting[];
  /** Due and not over yet, as it would count if nothing more were entered. */
  coming: CountedMeeting[];
  /** How many of those that come can still be attended or missed: nothing stands there for them yet. */
  open: number;
  outlook: Outlook;
}

/**
 * What is still to be expected of a member, and how much of it they may miss. What stands already for a meeting to come
 * (an accepted excuse, a check-in while it runs) counts as it stands. A meeting that runs without a record counts as
 * one to come.
 */
export function forecast(
  meetings: readonly MeetingToCount[],
  member: { spans: readonly EnrolmentSpan[]; records: readonly RecordToCount[] },
  policy: Pick<CoursePolicy, 'excusedCounts' | 'roundingMinutes' | 'rateBy' | 'requiredPercent'>,
  now: Date,
): Forecast {
  const end = new Date(Math.max(...meetings.map(({ endsAt }) => endsAt.getTime()), now.getTime()));
  const allTaken = meetings.map((meeting) => ({ ...meeting, isTaken: true }));
  const rows = computeTotals(allTaken, member, policy, end).meetings;

  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  const partOf = ({ meetingId, record, replacedBy }: CountedMeeting) => {
    const meeting = byId.get(meetingId);
    if (meeting === undefined || meeting.endsAt > now)
      return record === null && replacedBy === null ? 'open' : 'coming';
    return meeting.isTaken ? 'counted' : 'untaken';
  };
  const parts = Map.groupBy(rows, partOf);
  const [untaken, open] = [parts.get('untaken') ?? [], parts.get('open') ?? []];
  const isOver = new Set([...untaken, ...(parts.get('counted') ?? [])]);
  return {
    untaken,
    coming: rows.filter((row) => !isOver.has(row)),
    open: open.length,
    outlook: lookOut([...(parts.get('counted') ?? []), ...(parts.get('coming') ?? [])], open, policy),
  };
}

/** @param settled what stands, until now and later; `open` what can still be attended or missed */
function lookOut(
  settled: readonly CountedMeeting[],
  open: readonly CountedMeeting[],
  { rateBy, requiredPercent }: Pick<CoursePolicy, 'rateBy' | 'requiredPercent'>,
): Outlook {
  const expectedOf = (row: CountedMeeting) =>
    rateBy === 'minutes' ? row.expectedMinutes : Number(!row.isExempt);
  const countedOf = (row: CountedMeeting) =>
    rateBy === 'minutes' ? row.countedMinutes : Number(row.isAttended);
  const total = (rows: readonly CountedMeeting[], of: (row: CountedMeeting) => number) =>
    rows.reduce((sum, row) => sum + of(row), 0);

  const toCome = total(open, expectedOf);
  const best = {
    numerator: total(settled, countedOf) + toCome,
    denominator: total(settled, expectedOf) + toCome,
  };
  if (best.denominator === 0) return { kind: 'nothing' };
  // In minutes or meetings: whole numbers, so that no fraction is rounded before it is compared.
  const slack = Math.floor((best.numerator * 100 - requiredPercent * best.denominator) / 100);
  if (slack < 0) return { kind: 'unreachable', best };
  if (slack >= toCome) return { kind: 'safe' };

  let [meetings, missed] = [0, 0];
  for (const size of open.map(expectedOf).sort((a, b) => b - a)) {
    missed += size;
    if (missed > slack) break;
    meetings += 1;
  }
  return { kind: 'can-miss', meetings, minutes: rateBy === 'minutes' ? slack : null };
}
