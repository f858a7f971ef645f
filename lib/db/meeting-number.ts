import { sql } from 'drizzle-orm';

/**
 * A meeting's position in its course by start, from 1 ("Saturday 4"); for queries that read from `meetings`.
 * The names are written out: in the selected fields of a query without joins Drizzle leaves the table's name
 * away, and the inner query would then compare its own columns with themselves.
 */
export const meetingNumber = sql<number>`(select count(*)::int from meetings before
  where before.course_id = meetings.course_id
  and (before.starts_at, before.id) <= (meetings.starts_at, meetings.id))`;
