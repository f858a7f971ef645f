import { randomInt } from 'node:crypto';
import { eraseFromAudit } from '../audit/erase-from-audit.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import type { AuditEvent } from '../audit/queries.ts';
import { isId, randomToken } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { lockPeople, selectSpans, updateSpansEnd } from '../members/queries.ts';
import { isCurrent } from '../members/rules.ts';
import { spanFacts } from '../members/span-facts.ts';
import {
  clearPlace,
  deleteLinksOf,
  deleteMessagesOf,
  discardDocumentsOf,
  emptyPhones,
  eraseEvidenceOf,
  eraseExcusesOf,
  eraseNotesOf,
  selectHuman,
  selectPlaces,
  updatePeopleErased,
} from './queries.ts';

/** How many of each were erased; zeros where nothing was left to do. */
export interface Erased {
  /** Rows of the person: one, and those that were merged into it. */
  entries: number;
  phones: number;
  /** Calendar link and personal code. */
  links: number;
  messages: number;
  places: number;
  checkIns: number;
  notes: number;
  excuses: number;
  documents: number;
  /** What the logs of their courses told of them. */
  events: number;
}

export type ErasedPerson = { kind: 'unknown' } | ({ kind: 'erased'; personId: string } & Erased);

/**
 * Erases who somebody was. Their records stay, without notes, for the law and the figures of their courses need them;
 * they belong to a number from then on. Whatever named the person before (a login, a phone, a link) leads to nobody, and
 * should the platform name the same human again, that is somebody new. Each step is a transaction of its own; saying it
 * again finishes what was broken off, and finds nothing else to do. An operator's act, or the retention job's.
 *
 * @param nameOf what lists call the person from then on, by a number
 * @throws LostSecretError
 */
export async function erasePerson(
  ctx: Ctx,
  { personId, nameOf }: { personId: string; nameOf: (number: number) => string },
): Promise<ErasedPerson> {
  const rows = isId(personId) ? await selectHuman(ctx.db, personId) : [];
  const [living] = rows;
  if (living === undefined) return { kind: 'unknown' };
  const ids = rows.map(({ id }) => id);
  const own = await transaction(ctx, async (tx) => {
    await lockPeople(tx.db, ids);
    return {
      entries: await updatePeopleErased(
        tx.db,
        ids.map((id) => ({ id, sub: `erased:${randomToken(16)}` })),
        { name: nameOf(randomInt(100_000, 1_000_000)), now: tx.now },
      ),
      phones: await emptyPhones(tx.db, ids, tx.now),
      links: await deleteLinksOf(tx.db, ids),
      messages: await deleteMessagesOf(tx.db, ids),
    };
  });
  const inCourses = { places: 0, checkIns: 0, notes: 0, excuses: 0, documents: 0 };
  for (const place of await selectPlaces(ctx.db, ids)) {
    const erased = await transaction(ctx, (tx) => erasePlace(tx, place));
    inCourses.places += 1;
    for (const kind of ['checkIns', 'notes', 'excuses', 'documents'] as const)
      inCourses[kind] += erased[kind];
  }
  // The last, so that it takes along what was just written about them.
  const { events } = await eraseFromAudit(ctx, living.id);
  return { kind: 'erased', personId: living.id, ...own, ...inCourses, events };
}

/** What one course keeps of the member beside the records themselves; their time in it ends now. */
async function erasePlace(
  tx: Ctx,
  { membershipId, courseId }: { membershipId: string; courseId: string },
): Promise<{ checkIns: number; notes: number; excuses: number; documents: number }> {
  const spans = await selectSpans(tx.db, [membershipId]);
  const open = spans.filter((span) => isCurrent(span, tx.now)).map(({ id }) => id);
  await updateSpansEnd(tx.db, open, tx.now);
  await clearPlace(tx.db, membershipId);
  const { excuses, takenBack } = await eraseExcusesOf(tx.db, membershipId, tx.now);
  const erased = {
    checkIns: await eraseEvidenceOf(tx.db, membershipId),
    notes: await eraseNotesOf(tx.db, membershipId, tx.now),
    excuses,
    documents: await discardDocumentsOf(tx.db, membershipId, tx.now),
  };
  const events: AuditEvent[] = takenBack.map((excuseId) => ({
    ...{ courseId, action: 'excuse.withdrawn', subjectId: excuseId },
    after: { membershipId },
  }));
  if (open.length > 0) {
    const after = spans.map((span) => (open.includes(span.id) ? { ...span, endsAt: tx.now } : span));
    events.push({
      ...{ courseId, action: 'membership.spans-changed', subjectId: membershipId },
      before: { spans: spanFacts(spans) },
      after: { spans: spanFacts(after) },
    });
  }
  await insertAuditEvents(tx, events);
  await publish(tx, { kind: 'roster', courseId });
  return erased;
}
