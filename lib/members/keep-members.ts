import { insertAuditEvents } from '../audit/queries.ts';
import type { AuditEvent } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import type { Role } from '../db/schema.ts';
import { transaction } from '../db/transaction.ts';
import { mergeRows } from './merge-rows.ts';
import {
  insertConflicts,
  insertSpans,
  lockIdentities,
  lockKnownPeople,
  lockPlaces,
  selectKnownPeople,
  selectSpans,
  updateCanvasUserIds,
  updateSpansEnd,
  updateSpansSection,
  updateSubs,
  upsertMemberships,
  upsertPeople,
  upsertSections,
} from './queries.ts';
import type { KnownPerson, Listing, SeenPerson, SpanRow } from './queries.ts';
import { areIdentitiesSettled, decideIdentities, decideSpans, isCurrent } from './rules.ts';
import type { IdentityPlan, NamedSection, PersonRow, SpanStarts } from './rules.ts';
import { spanFacts } from './span-facts.ts';

/** A member as a launch or a roster page shows them. */
export interface SeenMember extends SeenPerson {
  /** The platform's own number of the person; without a `sub`, `placeholderSub` of it stands there. */
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
  /** See `decideSpanStarts`. */
  spanStarts: SpanStarts;
  /** True for a person's own launch, whose word on the role is the freshest. */
  launched: boolean;
  /** The roster on which they stand. */
  listed?: Listing | undefined;
}

/** One a human, however often the page names them. */
export interface KeptMember {
  personId: string;
  membershipId: string;
  /** Whether they were not enrolled before. */
  isNew: boolean;
}

/**
 * Keeps what was seen of members: people, places, sections and dated spans, in a fixed number of statements
 * for any number of members. One human stays one row, also when two processes see them at the same moment; two
 * rows with one number are noted for a person to decide. The caller has verified where the data come from.
 */
export async function keepMembers(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  seen: KeepMembers,
): Promise<KeptMember[]> {
  if (seen.members.length === 0) return [];
  for (;;) {
    try {
      // What the platform tells has no author among us.
      return await transaction(ctx, (tx) => keepSeen({ ...tx, viewer: undefined }, seen));
    } catch (error) {
      // Rolled back, so that no lock is held while it is done once more.
      if (!(error instanceof ChangedMeanwhile)) throw error;
    }
  }
}

/** Others decided who these people are between the look at them and the lock. */
class ChangedMeanwhile extends Error {}

async function keepSeen(tx: Tx, seen: KeepMembers): Promise<KeptMember[]> {
  const members = await keepPeople(tx, seen);
  const before = await lockPlaces(tx.db, seen.courseId, [...members.keys()]);
  const places = await upsertMemberships(
    tx.db,
    seen.courseId,
    [...members].map(([personId, { role, isTestUser }]) => ({ personId, role, isTestUser })),
    { launchedAt: seen.launched ? tx.now : undefined, listed: seen.listed },
  );
  const roleBefore = new Map(before.map((place) => [place.id, place.role]));
  const { kept, events } = await keepSpans(
    tx,
    seen,
    places.flatMap((place) => {
      const member = members.get(place.personId);
      return member === undefined ? [] : [{ ...place, member }];
    }),
  );
  for (const { id, role } of places) {
    const was = roleBefore.get(id);
    if (was !== undefined && was !== role) {
      events.push({
        courseId: seen.courseId,
        action: 'membership.role-changed',
        subjectId: id,
        before: { role: was },
        after: { role },
      });
    }
  }
  await insertAuditEvents(tx, events);
  return kept;
}

type Tx = Pick<Ctx, 'db' | 'now' | 'log' | 'viewer'>;

/** The people of a page, each once, by their row's id. */
async function keepPeople(tx: Tx, seen: KeepMembers): Promise<Map<string, SeenMember>> {
  const { platformId } = seen;
  const members = [...new Map(seen.members.map((member) => [member.sub, member])).values()];
  const plan = decideIdentities(members, rowsOf(await lockRows(tx, platformId, members)));
  await updateSubs(
    tx.db,
    plan.claims.map((row) => ({ personId: idOf(row), sub: row.sub })),
  );
  await mergeRows(
    tx,
    plan.merges.map(({ from, to }) => ({ from: idOf(from), to: idOf(to) })),
  );
  const byRow = membersByRow(members, plan);
  const written = await upsertPeople(
    tx.db,
    platformId,
    [...byRow].map(([row, { name, givenName, familyName, email, locale, sisId }]) => ({
      ...{ sub: row.sub, name, givenName, familyName, email, locale, sisId },
    })),
    tx.now,
  );
  const idBySub = new Map(written.map(({ id, sub }) => [sub, id]));
  for (const row of byRow.keys()) row.id = idBySub.get(row.sub);
  await updateCanvasUserIds(
    tx.db,
    plan.numbers.map((row) => ({ personId: idOf(row), canvasUserId: row.canvasUserId })),
  );
  await insertConflicts(
    tx.db,
    plan.conflicts.map(({ row, holder }) => ({ personId: idOf(row), otherPersonId: idOf(holder) })),
    tx.now,
  );
  return new Map([...byRow].map(([row, member]) => [idOf(row), member]));
}

/**
 * The rows of these people, locked until the transaction ends, and with them, where they do not say already what was
 * seen, who these people are.
 *
 * @throws ChangedMeanwhile: a row that waited for its lock is as it was left, but the row into which it was merged was
 *   not among those that were looked for
 */
async function lockRows(tx: Tx, platformId: string, members: readonly SeenMember[]): Promise<KnownPerson[]> {
  let seen = await selectKnownPeople(tx.db, platformId, members);
  if (!areIdentitiesSettled(members, rowsOf(seen))) {
    await lockIdentities(tx.db, platformId, members);
    seen = await selectKnownPeople(tx.db, platformId, members);
  }
  const locked = await lockKnownPeople(tx.db, platformId, members);
  if (JSON.stringify(locked) !== JSON.stringify(seen)) throw new ChangedMeanwhile();
  return locked;
}

function idOf(row: PersonRow): string {
  if (row.id === undefined) throw new Error('a person who was seen is written');
  return row.id;
}

function rowsOf(known: readonly KnownPerson[]): PersonRow[] {
  const rows = new Map<string, PersonRow>(
    known.map(({ id, sub, canvasUserId }) => [id, { id, sub, canvasUserId, mergedInto: undefined }]),
  );
  for (const { id, mergedInto } of known) {
    const row = rows.get(id);
    if (row !== undefined && mergedInto !== null) row.mergedInto = rows.get(mergedInto);
  }
  return [...rows.values()];
}

/** One entry a row: what the row's own `sub` says counts first, and sections of both. */
function membersByRow(members: readonly SeenMember[], plan: IdentityPlan): Map<PersonRow, SeenMember> {
  const byRow = new Map<PersonRow, SeenMember>();
  for (const member of members) {
    const row = plan.rowOf.get(member.sub);
    if (row === undefined) continue;
    const other = byRow.get(row);
    if (other === undefined) byRow.set(row, member);
    else {
      const [first, second] = other.sub === row.sub ? [other, member] : [member, other];
      const sections =
        first.sections === undefined ? second.sections : [...first.sections, ...(second.sections ?? [])];
      byRow.set(row, { ...first, sections });
    }
  }
  return byRow;
}

/** Brings sections and spans to what was seen, and tells what that changed. */
async function keepSpans(
  tx: Tx,
  { courseId, spanStarts }: KeepMembers,
  places: readonly { id: string; personId: string; role: Role; member: SeenMember }[],
): Promise<{ kept: KeptMember[]; events: AuditEvent[] }> {
  const named = new Map<string, NamedSection>();
  for (const { member } of places) {
    for (const section of member.sections ?? []) named.set(section.platformSectionId, section);
  }
  const sectionIds = await upsertSections(tx.db, courseId, [...named.values()]);
  const nameById = new Map(
    [...named.values()].map(({ platformSectionId, name }) => [sectionIds.get(platformSectionId), name]),
  );
  const known = Map.groupBy(
    await selectSpans(
      tx.db,
      places.map(({ id }) => id),
    ),
    (span) => span.membershipId,
  );
  const changes = places.map(({ id, personId, role, member }) => {
    const spans = known.get(id) ?? [];
    const told = member.sections?.flatMap(({ platformSectionId }) => sectionIds.get(platformSectionId) ?? []);
    const { end, name, open } = decideSpans(spans, told, spanStarts, tx.now);
    return { membershipId: id, personId, role, spans, end, name, open };
  });
  await updateSpansEnd(
    tx.db,
    changes.flatMap(({ end }) => end),
    tx.now,
  );
  await updateSpansSection(
    tx.db,
    changes.flatMap(({ name }) => name),
  );
  await insertSpans(
    tx.db,
    changes.flatMap(({ membershipId, open }) => open.map((span) => ({ membershipId, ...span }))),
  );

  const events: AuditEvent[] = [];
  const kept: KeptMember[] = [];
  for (const { membershipId, personId, role, spans, end, name, open } of changes) {
    const isNew = open.length > 0 && !spans.some((span) => isCurrent(span, tx.now));
    kept.push({ personId, membershipId, isNew });
    if (end.length + name.length + open.length === 0) continue;
    const opened = open.map((span) => ({ ...span, sectionName: nameById.get(span.sectionId ?? '') ?? null }));
    const after = [
      ...spans.map((span) => changedSpan(span, { end, name, nameById, now: tx.now })),
      ...opened,
    ];
    events.push({
      courseId,
      action: isNew ? 'membership.joined' : 'membership.spans-changed',
      subjectId: membershipId,
      before: spans.length === 0 ? null : { spans: spanFacts(spans) },
      after: { ...(isNew && { role }), spans: spanFacts(after) },
    });
  }
  return { kept, events };
}

function changedSpan(
  span: SpanRow,
  change: {
    end: string[];
    name: { id: string; sectionId: string }[];
    nameById: ReadonlyMap<string | undefined, string>;
    now: Date;
  },
): Pick<SpanRow, 'sectionName' | 'startsAt' | 'endsAt'> {
  const named = change.name.find(({ id }) => id === span.id);
  return {
    sectionName: named === undefined ? span.sectionName : (change.nameById.get(named.sectionId) ?? null),
    startsAt: span.startsAt,
    endsAt: change.end.includes(span.id) ? change.now : span.endsAt,
  };
}
