import { and, eq, gt, lte, or, sql } from 'drizzle-orm';
import type { AnyColumn, SQL } from 'drizzle-orm';
import { checkInWindows, meetings } from './schema.ts';

/** When a window that nobody closes ends: nobody comes to a meeting that is over. */
export const windowEnd =
  sql<Date>`least(check_in_windows.closes_at, case check_in_windows.direction when 'in' then
  (select m.ends_at from meetings m where m.id = check_in_windows.meeting_id) end)`.mapWith(
    checkInWindows.closesAt,
  );

/**
 * Joins the windows of a meeting that take codes now, from whoever has so many minutes more.
 *
 * @param extraMinutes a column; left out: nobody's
 */
export function isOpenWindow(now: Date, extraMinutes?: AnyColumn): SQL | undefined {
  const end = sql<Date>`least(${checkInWindows.closedAt}, ${checkInWindows.closesAt})`.mapWith(
    checkInWindows.closesAt,
  );
  return and(
    eq(checkInWindows.meetingId, meetings.id),
    lte(checkInWindows.opensAt, now),
    // Whoever has more time comes no later than the meeting's end.
    or(eq(checkInWindows.direction, 'out'), gt(meetings.endsAt, now)),
    // Taken back before it opened, it never did.
    gt(end, checkInWindows.opensAt),
    sql`${end} + make_interval(mins => ${extraMinutes ?? sql`0`}) > ${now.toISOString()}`,
  );
}
