import type { Ctx } from '../context.ts';
import type { Role } from '../db/schema.ts';
import { transaction } from '../db/transaction.ts';
import {
  insertSpans,
  selectOpenSpans,
  updateCanvasUserIds,
  updateSpansEnd,
  upsertMemberships,
  upsertPeople,
  upsertSections,
} from './queries.ts';
import type { SeenPerson } from './queries.ts';
import { decideSpans } from './rules.ts';
import type { NamedSection } from './rules.ts';

/** A member as a launch or a roster page shows them. */
export interface SeenMember extends SeenPerson {
  canvasUserId: string | undefined;
  role: Role;
  isTestUser: boolean;
  /** Undefined: not told, so nothing changes. */
  sections: NamedSection[] | undefined;
}

export interface KeepMembers {
  platformId: string;
  courseId: string;
  members: readonly SeenMember[];
  /** When new spans begin; null: with the course. */
  spansStartAt: Date | null;
  /** True for a person's own launch, whose word on the role is the freshest. */
  launched: boolean;
}

export interface KeptMember {
  sub: string;
  personId: string;
  membershipId: string;
}

/**
 * Keeps what was seen of members: people, places, sections and dated spans, in a fixed number of statements
 * for any number of members. One human stays one row, also when two processes see them at the same moment.
 * The caller has verified where the data come from.
 */
export async function keepMembers(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  seen: KeepMembers,
): Promise<KeptMember[]> {
  // The same `sub` twice in one page would touch one row twice in one statement, which SQL refuses.
  const bySub = new Map(seen.members.map((member) => [member.sub, member]));
  const members = [...bySub.values()];
  return transaction(ctx, async (tx) => {
    const people = await upsertPeople(
      tx.db,
      seen.platformId,
      members.map(({ sub, name, givenName, familyName, email, locale, sisId }) => ({
        ...{ sub, name, givenName, familyName, email, locale, sisId },
      })),
      tx.now,
    );
    await keepCanvasUserIds(
      tx,
      seen.platformId,
      people.flatMap((person) => {
        const canvasUserId = bySub.get(person.sub)?.canvasUserId;
        const isNew = canvasUserId !== undefined && canvasUserId !== person.canvasUserId;
        return isNew ? [{ personId: person.id, canvasUserId }] : [];
      }),
    );
    const placeOf = (personId: string) => people.find((person) => person.id === personId)?.sub ?? '';
    const places = await upsertMemberships(
      tx.db,
      seen.courseId,
      people.flatMap(({ id, sub }) => {
        const member = bySub.get(sub);
        return member === undefined
          ? []
          : [{ personId: id, role: member.role, isTestUser: member.isTestUser }];
      }),
      seen.launched ? tx.now : undefined,
    );
    await keepSpans(
      tx,
      seen,
      places.map((place) => ({ ...place, sub: placeOf(place.personId) })),
      bySub,
    );
    return places.map((place) => ({
      sub: placeOf(place.personId),
      personId: place.personId,
      membershipId: place.id,
    }));
  });
}

async function keepSpans(
  tx: Pick<Ctx, 'db' | 'now'>,
  seen: KeepMembers,
  places: readonly { id: string; sub: string }[],
  bySub: ReadonlyMap<string, SeenMember>,
): Promise<void> {
  const named = new Map<string, NamedSection>();
  for (const member of bySub.values()) {
    for (const section of member.sections ?? []) named.set(section.platformSectionId, section);
  }
  const sectionIds = await upsertSections(
    tx.db,
    seen.courseId,
    [...named.values()].sort((a, b) => (a.platformSectionId < b.platformSectionId ? -1 : 1)),
  );
  const open = await selectOpenSpans(
    tx.db,
    places.map((place) => place.id),
  );
  const end: string[] = [];
  const begin: { membershipId: string; sectionId: string | null; startsAt: Date | null }[] = [];
  for (const place of places) {
    const changes = decideSpans(
      open.filter((span) => span.membershipId === place.id),
      bySub.get(place.sub)?.sections?.flatMap((section) => sectionIds.get(section.platformSectionId) ?? []),
    );
    const isMove = changes.end.length > 0;
    end.push(...changes.end);
    for (const sectionId of changes.open) {
      // A move counts from today on; only a first sight may reach back to the course's start.
      begin.push({ membershipId: place.id, sectionId, startsAt: isMove ? tx.now : seen.spansStartAt });
    }
  }
  await updateSpansEnd(tx.db, end, tx.now);
  await insertSpans(tx.db, begin);
}

/**
 * Two people cannot hold one number: a conflict is told to the operator and merges nobody. All are noted in
 * one statement; only where that fails (two rows of one page claim the same number, or another process was
 * faster) each is tried alone.
 */
async function keepCanvasUserIds(
  tx: Pick<Ctx, 'db' | 'log'>,
  platformId: string,
  numbers: readonly { personId: string; canvasUserId: string }[],
): Promise<void> {
  if (numbers.length === 0) return;
  let kept: string[] = [];
  try {
    // In a savepoint, so that losing a race for a number loses nothing else.
    kept = await transaction(tx, (inner) => updateCanvasUserIds(inner.db, platformId, numbers));
  } catch (error) {
    if (!(error instanceof Error) || !isUniqueViolation(error)) throw error;
    if (numbers.length > 1) {
      for (const number of numbers) await keepCanvasUserIds(tx, platformId, [number]);
      return;
    }
  }
  for (const { personId } of numbers) {
    if (!kept.includes(personId)) {
      tx.log.warn({ personId }, 'platform user number belongs to another person; left with them');
    }
  }
}

function isUniqueViolation(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === '23505' || (error.cause instanceof Error && isUniqueViolation(error.cause));
}
