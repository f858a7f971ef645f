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

/** Writes who changed what; call it in the transaction that makes the change. */
export async function insertAuditEvent(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  event: AuditEvent,
): Promise<void> {
  await ctx.db.insert(auditEvents).values({
    id: newId(),
    courseId: event.courseId,
    at: ctx.now,
    actorPersonId: ctx.viewer?.personId ?? null,
    action: event.action,
    subjectId: event.subjectId,
    before: event.before ?? null,
    after: event.after ?? null,
  });
}
