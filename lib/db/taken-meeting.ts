import { sql } from 'drizzle-orm';

/**
 * Whether somebody has a record of a meeting that is more than an excuse; for queries that read from `meetings`, whose
 * name is written out (see `meetingNumber`).
 */
export const isTakenMeeting = sql<boolean>`exists (select 1 from attendance_records taken
  join memberships taker on taker.id = taken.membership_id
  where taken.meeting_id = meetings.id and taken.source <> 'excuse' and not taker.is_test_user)`;
