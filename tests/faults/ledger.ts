import { sql } from 'drizzle-orm';
import type { Db } from '#lib/db/client.ts';

/** What the database holds of one member's check-in. */
export interface Entry {
  membershipId: string;
  /** The tickets of the check-ins that were entered. */
  tickets: string[];
  flags: string[];
  scannedAt: Date;
  records: number;
  revision: number;
  spans: number;
  /** Rows of the audit that tell of one of the check-ins. */
  told: number;
}

/** Everybody of whom a meeting has a check-in or a record. */
export async function readLedger(db: Db, meetingId: string): Promise<Map<string, Entry>> {
  const answer = await db.execute<{
    membership_id: string;
    tickets: string[];
    flags: string[];
    scanned_ms: string;
    records: number;
    revision: number;
    spans: number;
    told: number;
  }>(sql`
    select membership_id,
      coalesce(evidence.tickets, '{}') as tickets,
      coalesce(evidence.flags, '{}') as flags,
      coalesce(evidence.scanned_ms, '0') as scanned_ms,
      coalesce(evidence.told, 0) as told,
      coalesce(record.records, 0) as records,
      coalesce(record.revision, 0) as revision,
      coalesce(record.spans, 0) as spans
    from (
      select membership_id, array_agg(ticket_id) as tickets, string_to_array(string_agg(array_to_string(flags, ','), ','), ',') as flags,
        (extract(epoch from min(scanned_at)) * 1000)::bigint::text as scanned_ms,
        sum((select count(*) from audit_events where course_id = check_ins.course_id
          and action = 'record.checked-in' and after ->> 'checkInId' = check_ins.id::text))::int as told
      from check_ins where meeting_id = ${meetingId} and outcome = 'checked-in' group by membership_id
    ) evidence
    full join (
      select membership_id, count(*)::int as records, max(revision)::int as revision,
        sum((select count(*) from record_spans where record_id = attendance_records.id))::int as spans
      from attendance_records where meeting_id = ${meetingId} group by membership_id
    ) record using (membership_id)
  `);
  return new Map(
    answer.rows.map((row) => [
      row.membership_id,
      {
        membershipId: row.membership_id,
        tickets: row.tickets,
        flags: row.flags.filter((flag) => flag !== ''),
        scannedAt: new Date(Number(row.scanned_ms)),
        records: row.records,
        revision: row.revision,
        spans: row.spans,
        told: row.told,
      },
    ]),
  );
}
