import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/** Whether a membership has a span that has not ended. */
export function isEnrolledAt(membershipId: AnyPgColumn, now: Date | SQL): SQL<boolean> {
  const at = now instanceof Date ? sql`${now.toISOString()}::timestamptz` : now;
  return sql<boolean>`exists (select 1 from membership_spans enrolled where enrolled.membership_id = ${membershipId}
    and (enrolled.ends_at is null or enrolled.ends_at > ${at}))`;
}

/**
 * Whether a span makes its member expected at a meeting: it meets the meeting's time, and its section is one of those
 * that the meeting is for. `lib/attendance/rules.ts` says the same in code (`isExpectedAt`).
 *
 * @param names the aliases of `membership_spans` and `meetings` in the query
 */
export function spanExpectsAt(names: { span: string; meeting: string }): SQL<boolean> {
  const span = sql.identifier(names.span);
  const meeting = sql.identifier(names.meeting);
  return sql<boolean>`((${span}.starts_at is null or ${span}.starts_at < ${meeting}.ends_at)
    and (${span}.ends_at is null or ${span}.ends_at > ${meeting}.starts_at)
    and (cardinality(${meeting}.section_ids) = 0 or ${span}.section_id = any(${meeting}.section_ids)))`;
}
