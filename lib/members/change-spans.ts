import { requireManager } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { spansInput } from './input.ts';
import {
  deleteSpans,
  insertSpans,
  lockMembership,
  selectSections,
  selectSpans,
  takeSpansAway,
} from './queries.ts';
import { decideSpanEdit, isTakenAway, versionOfSpans } from './rules.ts';
import type { ProblemOfSpan, WantedSpan } from './rules.ts';
import { spanFacts } from './span-facts.ts';

export type ChangedSpans =
  | { kind: 'saved' }
  /** By position in what was sent; nothing is saved. */
  | { kind: 'invalid'; problems: ProblemOfSpan[] }
  /** Without any there would be nothing to show; whoever left has an end. */
  | { kind: 'none' }
  /** A roster or another teacher changed them since they were shown; nothing was overwritten. */
  | { kind: 'conflict' };

/**
 * Enters when a student was enrolled, and in which section. What is expected of them follows from it at once.
 *
 * @param given `seen` is `versionOfSpans` of what the teacher was shown
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (no student of this course),
 *   `invalid-input` (a section of another course)
 */
export async function changeSpans(
  ctx: Ctx,
  given: { courseId: string; membershipId: string; seen: string; spans: unknown },
): Promise<ChangedSpans> {
  const { courseId, membershipId } = given;
  const { course } = await requireManager(ctx, courseId);
  const read = readSpans(given.spans);
  if (read.kind === 'invalid') return read;
  if (read.spans.length === 0) return { kind: 'none' };
  return transaction(ctx, async (tx) => {
    const member = isId(membershipId) ? await lockMembership(tx.db, courseId, membershipId) : undefined;
    if (member === undefined || member.isTestUser || member.role !== 'student') {
      throw new AppError('not-found');
    }
    const sections = new Map((await selectSections(tx.db, courseId)).map(({ id, name }) => [id, name]));
    if (read.spans.some(({ sectionId }) => sectionId !== null && !sections.has(sectionId))) {
      throw new AppError('invalid-input');
    }
    const before = (await selectSpans(tx.db, [membershipId])).filter((span) => !isTakenAway(span));
    if (versionOfSpans(before) !== given.seen) return { kind: 'conflict' as const };
    const decided = decideSpanEdit(before, read.spans, course.timeZone);
    if (decided.kind === 'invalid') return decided;
    const { spans, removed } = decided.edit;
    await takeSpansAway(tx.db, removed);
    await deleteSpans(
      tx.db,
      spans.flatMap(({ id }) => id ?? []),
    );
    await insertSpans(
      tx.db,
      spans.map((span) => ({ membershipId, ...span })),
    );
    await insertAuditEvent(tx, {
      courseId,
      action: 'membership.spans-changed',
      subjectId: membershipId,
      before: { spans: spanFacts(before) },
      after: {
        spans: spanFacts(
          spans.map((span) => ({ ...span, sectionName: sections.get(span.sectionId ?? '') ?? null })),
        ),
      },
    });
    await publish(tx, { kind: 'roster', courseId });
    return { kind: 'saved' as const };
  });
}

function readSpans(
  given: unknown,
): { kind: 'read'; spans: WantedSpan[] } | Extract<ChangedSpans, { kind: 'invalid' }> {
  const parsed = spansInput.safeParse(given);
  if (parsed.success) return { kind: 'read', spans: parsed.data };
  const problems = parsed.error.issues.flatMap(({ path: [index, field] }): ProblemOfSpan[] =>
    typeof index === 'number' && (field === 'from' || field === 'to') ? [{ index, problem: field }] : [],
  );
  if (problems.length === 0) throw new AppError('invalid-input');
  return { kind: 'invalid', problems };
}
