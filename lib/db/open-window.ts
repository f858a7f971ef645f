import { and, eq, gt, isNull, lte } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { checkInWindows, meetings } from './schema.ts';

/** Joins the windows through which a meeting's members may check in or out now. */
export function isOpenWindow(now: Date): SQL | undefined {
  return and(
    eq(checkInWindows.meetingId, meetings.id),
    isNull(checkInWindows.closedAt),
    lte(checkInWindows.opensAt, now),
    gt(checkInWindows.closesAt, now),
  );
}
