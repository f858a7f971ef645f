import { and, eq, gt, lte, sql } from 'drizzle-orm';
import type { AnyColumn, SQL } from 'drizzle-orm';
import { checkInWindows, meetings } from './schema.ts';

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
    // Taken back before it opened, it never did.
    gt(end, checkInWindows.opensAt),
    sql`${end} + make_interval(mins => ${extraMinutes ?? sql`0`}) > ${now.toISOString()}`,
  );
}
