import { and, eq, gt, isNull } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { checkInWindows, meetings } from './schema.ts';

/** Joins the window through which a meeting's members may check in now. */
export function isOpenWindow(now: Date): SQL | undefined {
  return and(
    eq(checkInWindows.meetingId, meetings.id),
    eq(checkInWindows.direction, 'in'),
    isNull(checkInWindows.closedAt),
    gt(checkInWindows.closesAt, now),
  );
}
