import { and, eq, getTableColumns, isNull, lte, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { windowEnd } from '../db/open-window.ts';
import { checkInWindows, meetings } from '../db/schema.ts';
import type { Direction } from '../db/schema.ts';

export type CheckInWindow = typeof checkInWindows.$inferSelect;

const windowColumns = { ...getTableColumns(checkInWindows), closesAt: windowEnd };

/** Locks the meeting until the transaction ends, so that two who open its check-in take turns. */
export async function lockMeeting(
  db: Db,
  courseId: string,
  meetingId: string,
): Promise<{ state: 'planned' | 'cancelled'; startsAt: Date; endsAt: Date } | undefined> {
  const [row] = await db
    .select({ state: meetings.state, startsAt: meetings.startsAt, endsAt: meetings.endsAt })
    .from(meetings)
    .where(and(eq(meetings.id, meetingId), eq(meetings.courseId, courseId)))
    .for('update');
  return row;
}

/** Whether the course has this meeting. */
export async function selectIsMeetingOf(db: Db, courseId: string, meetingId: string): Promise<boolean> {
  const found = await db.$count(meetings, and(eq(meetings.id, meetingId), eq(meetings.courseId, courseId)));
  return found === 1;
}

/** The window that nobody has closed yet; its time may be over. */
export async function selectUnclosedWindow(
  db: Db,
  courseId: string,
  meetingId: string,
  direction: Direction,
): Promise<CheckInWindow | undefined> {
  const [row] = await db
    .select(windowColumns)
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .where(
      and(
        eq(checkInWindows.meetingId, meetingId),
        eq(meetings.courseId, courseId),
        eq(checkInWindows.direction, direction),
        isNull(checkInWindows.closedAt),
      ),
    );
  return row;
}

/**
 * A window whose time is over and that nobody has closed gives its locator back: a million of them would be all there are.
 *
 * @returns undefined when a window that is open or planned has this locator: choose another
 */
export async function insertWindow(
  db: Db,
  window: typeof checkInWindows.$inferInsert,
): Promise<CheckInWindow | undefined> {
  const { locator, openedAt } = window;
  await db
    .update(checkInWindows)
    .set({ closedAt: sql`${checkInWindows.closesAt}` })
    .where(
      and(
        eq(checkInWindows.locator, locator),
        isNull(checkInWindows.closedAt),
        lte(checkInWindows.closesAt, openedAt),
      ),
    );
  const [row] = await db.insert(checkInWindows).values(window).onConflictDoNothing().returning(windowColumns);
  return row;
}

/** Changes a window of a meeting that is locked. */
export async function updateWindow(
  db: Db,
  id: string,
  change: Partial<
    Pick<CheckInWindow, 'openedAt' | 'opensAt' | 'closesAt' | 'closedAt' | 'stepSeconds' | 'followsMeeting'>
  >,
): Promise<CheckInWindow> {
  const [row] = await db
    .update(checkInWindows)
    .set(change)
    .where(eq(checkInWindows.id, id))
    .returning(windowColumns);
  if (row === undefined) throw new Error('a window is gone while its meeting is locked');
  return row;
}
