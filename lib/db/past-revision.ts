import { sql } from 'drizzle-orm';

/** Of `audit_events` about one record: the events that say which revision gave way. */
export const tellsOfPast = sql`action in ('record.marked', 'record.reviewed', 'record.excuse-taken-back') and before ->> 'revision' is not null`;

/** Of these events: the last revision that a record had before it was taken back. */
export const pastRevision = sql<number>`max((before ->> 'revision')::int)`;
