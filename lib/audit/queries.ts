import type { Ctx } from '../context.ts';
import { newId } from '../base/ids.ts';
import { auditEvents } from '../db/schema.ts';

/** One change, told so that a person can read it later. `before`/`after` hold no more than what changed. */
export interface AuditEvent {
  courseId: string;
  /** `<subject>.<what happened>`, e.g. `meeting.created`. */
  action: string;
  subjectId: string;
  before?: unknown;
  after?: unknown;
}

/** Rows of one statement: PostgreSQL takes 65,535 values. */
const rowsAStatement = 1_000;

/** Writes who changed what; call it in the transaction that makes the change. */
export async function insertAuditEvent(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  event: AuditEvent,
): Promise<void> {
  await insertAuditEvents(ctx, [event]);
}

/** The same for many at once, so that a series or a whole register costs no statement a row. */
export async function insertAuditEvents(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  events: readonly AuditEvent[],
): Promise<void> {
  const rows = events.map((event) => ({
    id: newId(),
    courseId: event.courseId,
    at: ctx.now,
    actorPersonId: ctx.viewer?.personId ?? null,
    action: event.action,
    subjectId: event.subjectId,
    before: event.before ?? null,
    after: event.after ?? null,
  }));
  for (let first = 0; first < rows.length; first += rowsAStatement) {
    await ctx.db.insert(auditEvents).values(rows.slice(first, first + rowsAStatement));
  }
}
