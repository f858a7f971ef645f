import { and, asc, count, desc, eq, gte, isNull, lt, or, sql } from 'drizzle-orm';
import { idArray } from '../db/id-array.ts';
import type { Db } from '../db/client.ts';
import { spanExpectsAt } from '../db/enrolled.ts';
import { listName } from '../db/list-name.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { isTakenMeeting } from '../db/taken-meeting.ts';
import {
  attendanceRecords,
  auditEvents,
  excuseFiles,
  excuseMeetings,
  excuses,
  meetings,
  memberships,
  people,
} from '../db/schema.ts';
import type { DocumentType, RecordBefore, RecordSource } from '../db/schema.ts';
import type { Status } from '../base/statuses.ts';
import type { ExcuseState, MeetingToExcuse } from './rules.ts';

export type ExcuseRow = typeof excuses.$inferSelect;

/** A meeting, as an excuse names it. */
interface NamedMeeting {
  id: string;
  title: string | null;
  number: number;
  localStart: string;
  localEnd: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  room: string | null;
}

const namedMeeting = {
  id: meetings.id,
  title: meetings.title,
  number: meetingNumber,
  localStart: meetings.localStart,
  localEnd: meetings.localEnd,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  timeZone: meetings.timeZone,
  room: meetings.room,
};

/** Of `excuses e` and `excuse_meetings em`: it waits, or was accepted for the meeting, which needs no other. */
const standsFor = sql`(e.state = 'submitted' or em.decision = 'accepted')`;

export type OwnMeetingToExcuse = NamedMeeting & MeetingToExcuse;

/** A student's meetings with what stands there for them, and the excuse that stands for it; by start. */
export async function selectMeetingsToExcuse(
  db: Db,
  { courseId, membershipId }: { courseId: string; membershipId: string },
): Promise<OwnMeetingToExcuse[]> {
  return db
    .select({
      ...namedMeeting,
      state: meetings.state,
      status: attendanceRecords.status,
      source: attendanceRecords.source,
      isTaken: isTakenMeeting,
      excuse: sql<{ id: string; state: ExcuseState } | null>`(
        select jsonb_build_object('id', e.id, 'state', e.state)
        from excuse_meetings em join excuses e on e.id = em.excuse_id
        where em.meeting_id = meetings.id and e.membership_id = ${membershipId}
          and ${standsFor}
        order by e.submitted_at limit 1)`,
    })
    .from(meetings)
    .leftJoin(
      attendanceRecords,
      and(eq(attendanceRecords.meetingId, meetings.id), eq(attendanceRecords.membershipId, membershipId)),
    )
    .where(
      and(
        eq(meetings.courseId, courseId),
        or(
          sql`${attendanceRecords.id} is not null`,
          sql`exists (select 1 from membership_spans ms where ms.membership_id = ${membershipId}
            and ${spanExpectsAt({ span: 'ms', meeting: 'meetings' })})`,
        ),
      ),
    )
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
}

/** Locks a member's place: their excuses are handed in one after the other. */
export async function lockMember(db: Db, membershipId: string): Promise<void> {
  await db
    .select({ id: memberships.id })
    .from(memberships)
    .where(eq(memberships.id, membershipId))
    .for('no key update');
}

interface ExcuseKey {
  courseId: string;
  excuseId: string;
}

const isExcuse = ({ courseId, excuseId }: ExcuseKey) =>
  and(eq(excuses.id, excuseId), eq(excuses.courseId, courseId));

export async function selectExcuse(db: Db, key: ExcuseKey): Promise<ExcuseRow | undefined> {
  const [row] = await db.select().from(excuses).where(isExcuse(key));
  return row;
}

/** Locks an excuse until the transaction ends. */
export async function lockExcuse(db: Db, key: ExcuseKey): Promise<ExcuseRow | undefined> {
  const [row] = await db.select().from(excuses).where(isExcuse(key)).for('update');
  return row;
}

export async function insertExcuse(db: Db, excuse: typeof excuses.$inferInsert): Promise<void> {
  await db.insert(excuses).values(excuse);
}

export async function insertExcuseMeetings(
  db: Db,
  excuseId: string,
  meetingIds: readonly string[],
): Promise<void> {
  await db.insert(excuseMeetings).values(meetingIds.map((meetingId) => ({ excuseId, meetingId })));
}

export async function updateExcuse(
  db: Db,
  excuseId: string,
  change: Partial<typeof excuses.$inferInsert>,
): Promise<void> {
  await db.update(excuses).set(change).where(eq(excuses.id, excuseId));
}

export interface MeetingDecision {
  meetingId: string;
  decision: 'accepted' | 'declined' | null;
  changedRecord: boolean;
  recordBefore: RecordBefore | null;
}

/** Writes what was decided for each meeting; one that was planned into the excuse's days since is added. */
export async function writeDecisions(
  db: Db,
  excuseId: string,
  decisions: readonly MeetingDecision[],
): Promise<void> {
  if (decisions.length === 0) return;
  await db
    .insert(excuseMeetings)
    .values(decisions.map((decision) => ({ excuseId, ...decision })))
    .onConflictDoUpdate({
      target: [excuseMeetings.excuseId, excuseMeetings.meetingId],
      set: {
        decision: sql`excluded.decision`,
        changedRecord: sql`excluded.changed_record`,
        recordBefore: sql`excluded.record_before`,
      },
    });
}

export async function selectDecisions(db: Db, excuseId: string): Promise<MeetingDecision[]> {
  return db
    .select({
      meetingId: excuseMeetings.meetingId,
      decision: excuseMeetings.decision,
      changedRecord: excuseMeetings.changedRecord,
      recordBefore: excuseMeetings.recordBefore,
    })
    .from(excuseMeetings)
    .where(eq(excuseMeetings.excuseId, excuseId));
}

export interface MeetingOfExcuse extends NamedMeeting {
  state: 'planned' | 'cancelled';
  decision: 'accepted' | 'declined' | null;
  /** The decision put `excused` in the place of what stood there. */
  changedRecord: boolean;
  /** What the register says now. */
  status: Status | null;
  source: RecordSource | null;
}

/**
 * The meetings that excuses are about, by start: those that were named, and, while an excuse for days waits, those that
 * were planned into its days since.
 */
export async function selectMeetingsOfExcuses(
  db: Db,
  excuseIds: readonly string[],
): Promise<(MeetingOfExcuse & { excuseId: string })[]> {
  if (excuseIds.length === 0) return [];
  // Looked up for each: the planner would rather read all that excuses are about. Of a decided excuse only the meetings
  // that it names are looked at, not all of its course.
  const named = db
    .select()
    .from(excuseMeetings)
    .where(and(eq(excuseMeetings.excuseId, excuses.id), eq(excuseMeetings.meetingId, meetings.id)))
    .limit(1)
    .as('named');
  return db
    .select({
      excuseId: excuses.id,
      ...namedMeeting,
      state: meetings.state,
      decision: named.decision,
      changedRecord: sql<boolean>`coalesce(${named.changedRecord}, false)`,
      status: attendanceRecords.status,
      source: attendanceRecords.source,
    })
    .from(excuses)
    .innerJoin(
      meetings,
      sql`${meetings.id} = any(array(
        select em.meeting_id from excuse_meetings em where em.excuse_id = ${excuses.id}
        union all select coming.id from meetings coming
        where ${excuses.state} = 'submitted' and ${excuses.fromDay} is not null
          and coming.course_id = ${excuses.courseId}))`,
    )
    .leftJoinLateral(named, sql`true`)
    .leftJoin(
      attendanceRecords,
      and(
        eq(attendanceRecords.meetingId, meetings.id),
        eq(attendanceRecords.membershipId, excuses.membershipId),
      ),
    )
    .where(
      and(
        sql`${excuses.id} = any(${idArray(excuseIds)})`,
        or(
          sql`${named.meetingId} is not null`,
          and(
            eq(excuses.state, 'submitted'),
            eq(meetings.state, 'planned'),
            sql`left(${meetings.localStart}, 10) between ${excuses.fromDay} and ${excuses.toDay}`,
            sql`exists (select 1 from membership_spans ms where ms.membership_id = ${excuses.membershipId}
              and ${spanExpectsAt({ span: 'ms', meeting: 'meetings' })})`,
            // Another excuse stands for it already.
            sql`not exists (select 1 from excuse_meetings em join excuses e on e.id = em.excuse_id
              where em.meeting_id = meetings.id and e.membership_id = excuses.membership_id and e.id <> excuses.id
                and ${standsFor})`,
          ),
        ),
      ),
    )
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
}

export async function selectExcusesOfMember(db: Db, membershipId: string): Promise<ExcuseRow[]> {
  return db
    .select()
    .from(excuses)
    .where(eq(excuses.membershipId, membershipId))
    .orderBy(desc(excuses.submittedAt), desc(excuses.id));
}

export type QueuedRow = ExcuseRow & {
  /** The student's, family name first. */
  name: string;
  /** Who decided. */
  decider: string | null;
};

/** A course's excuses with whose they are: those that wait longest first, then the last decided. */
export async function selectQueuedExcuses(
  db: Db,
  given: {
    courseId: string;
    filter: 'waiting' | 'decided' | 'all';
    membershipId?: string | undefined;
    excuseId?: string;
    offset: number;
    limit: number;
  },
): Promise<QueuedRow[]> {
  const isFiltered = {
    waiting: eq(excuses.state, 'submitted'),
    decided: sql`${excuses.state} in ('accepted', 'declined')`,
    all: undefined,
  }[given.filter];
  const rows = await db
    .select({
      excuse: excuses,
      name: listName,
      decider: sql<string | null>`(select d.name from people d where d.id = ${excuses.decidedBy})`,
    })
    .from(excuses)
    .innerJoin(memberships, eq(memberships.id, excuses.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(
      and(
        eq(excuses.courseId, given.courseId),
        isFiltered,
        given.membershipId === undefined ? undefined : eq(excuses.membershipId, given.membershipId),
        given.excuseId === undefined ? undefined : eq(excuses.id, given.excuseId),
      ),
    )
    .orderBy(
      desc(eq(excuses.state, 'submitted')),
      sql`case when ${excuses.state} = 'submitted' then ${excuses.submittedAt} end`,
      sql`coalesce(${excuses.decidedAt}, ${excuses.withdrawnAt}) desc`,
      excuses.id,
    )
    .offset(given.offset)
    .limit(given.limit);
  return rows.map(({ excuse, ...row }) => ({ ...excuse, ...row }));
}

export async function countExcusesWaiting(db: Db, courseId: string): Promise<number> {
  const [row] = await db
    .select({ waiting: count() })
    .from(excuses)
    .where(and(eq(excuses.courseId, courseId), eq(excuses.state, 'submitted')));
  return row?.waiting ?? 0;
}

export interface ExcusedAtMeeting {
  meeting: NamedMeeting;
  students: { membershipId: string; name: string; excuseId: string; state: 'accepted' | 'submitted' }[];
}

/** Who is excused, or has asked to be, at planned meetings that begin within a time. */
export async function selectExcusedBetween(
  db: Db,
  { courseId, from, to }: { courseId: string; from: Date; to: Date },
): Promise<ExcusedAtMeeting[]> {
  const rows = await db
    .select({
      meeting: namedMeeting,
      membershipId: memberships.id,
      name: listName,
      excuseId: excuses.id,
      state: excuses.state,
    })
    .from(meetings)
    .innerJoin(excuseMeetings, eq(excuseMeetings.meetingId, meetings.id))
    .innerJoin(excuses, eq(excuses.id, excuseMeetings.excuseId))
    .innerJoin(memberships, eq(memberships.id, excuses.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(
      and(
        eq(meetings.courseId, courseId),
        eq(meetings.state, 'planned'),
        gte(meetings.startsAt, from),
        lt(meetings.startsAt, to),
        or(eq(excuses.state, 'submitted'), eq(excuseMeetings.decision, 'accepted')),
      ),
    )
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
  return [...Map.groupBy(rows, ({ meeting }) => meeting.id).values()].flatMap((students) => {
    const [first] = students;
    if (first === undefined) return [];
    return {
      meeting: first.meeting,
      students: students.map(({ meeting: _, state, ...student }) => ({
        ...student,
        state: state === 'submitted' ? ('submitted' as const) : ('accepted' as const),
      })),
    };
  });
}

/** A document, as it is shown; its object's key stays here. */
export interface ExcuseFile {
  id: string;
  name: string | null;
  mediaType: DocumentType;
  bytes: number;
  storedAt: Date | null;
  /** From then on nobody may open it. */
  discardedAt: Date | null;
}

export async function selectFilesOfExcuses(
  db: Db,
  excuseIds: readonly string[],
): Promise<(ExcuseFile & { excuseId: string })[]> {
  if (excuseIds.length === 0) return [];
  const rows = await db
    .select({
      excuseId: excuseFiles.excuseId,
      id: excuseFiles.id,
      name: excuseFiles.name,
      mediaType: excuseFiles.mediaType,
      bytes: excuseFiles.bytes,
      storedAt: excuseFiles.storedAt,
      discardedAt: excuseFiles.discardedAt,
    })
    .from(excuseFiles)
    .where(sql`${excuseFiles.excuseId} = any(${idArray(excuseIds)})`)
    .orderBy(asc(excuseFiles.createdAt), asc(excuseFiles.id));
  return rows.flatMap(({ excuseId, ...file }) => (excuseId === null ? [] : [{ excuseId, ...file }]));
}

/**
 * Those of a member's documents that may belong to this excuse, locked: stored, and not handed in with another one.
 *
 * @returns by id the excuse that they belong to already; null: none
 */
export async function lockAttachableFiles(
  db: Db,
  given: { membershipId: string; excuseId: string; fileIds: readonly string[] },
): Promise<Map<string, string | null>> {
  const rows = await db
    .select({ id: excuseFiles.id, excuseId: excuseFiles.excuseId })
    .from(excuseFiles)
    .where(
      and(
        sql`${excuseFiles.id} = any(${idArray(given.fileIds)})`,
        eq(excuseFiles.membershipId, given.membershipId),
        sql`${excuseFiles.storedAt} is not null`,
        isNull(excuseFiles.discardedAt),
        or(isNull(excuseFiles.excuseId), eq(excuseFiles.excuseId, given.excuseId)),
      ),
    )
    .orderBy(asc(excuseFiles.id))
    .for('update');
  return new Map(rows.map(({ id, excuseId }) => [id, excuseId]));
}

export async function attachFiles(db: Db, excuseId: string, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return;
  await db
    .update(excuseFiles)
    .set({ excuseId })
    .where(sql`${excuseFiles.id} = any(${idArray(fileIds)})`);
}

export async function countFiles(db: Db, excuseId: string): Promise<number> {
  return db.$count(excuseFiles, eq(excuseFiles.excuseId, excuseId));
}

/** Nobody may open an excuse's documents any more; the cleaner deletes them. */
export async function discardFilesOfExcuse(db: Db, excuseId: string, now: Date): Promise<void> {
  await db
    .update(excuseFiles)
    .set({ discardedAt: now })
    .where(and(eq(excuseFiles.excuseId, excuseId), isNull(excuseFiles.discardedAt)));
}

/** A document as it is about to be stored. */
export interface NewDocument {
  id: string;
  membershipId: string;
  objectKey: string;
  name: string;
  mediaType: DocumentType;
  bytes: number;
}

export interface Document extends NewDocument {
  /** Null: not handed in yet. */
  excuseId: string | null;
  isStored: boolean;
  isDiscarded: boolean;
}

const documentColumns = {
  id: excuseFiles.id,
  membershipId: excuseFiles.membershipId,
  excuseId: excuseFiles.excuseId,
  objectKey: excuseFiles.objectKey,
  name: sql<string>`coalesce(${excuseFiles.name}, '')`,
  mediaType: excuseFiles.mediaType,
  bytes: excuseFiles.bytes,
  isStored: sql<boolean>`${excuseFiles.storedAt} is not null`,
  isDiscarded: sql<boolean>`${excuseFiles.discardedAt} is not null`,
};

export async function selectDocument(db: Db, fileId: string): Promise<Document | undefined> {
  const [row] = await db.select(documentColumns).from(excuseFiles).where(eq(excuseFiles.id, fileId));
  return row;
}

/** A document of a member of this course. */
export async function selectDocumentOfCourse(
  db: Db,
  { courseId, fileId }: { courseId: string; fileId: string },
): Promise<Document | undefined> {
  const [row] = await db
    .select(documentColumns)
    .from(excuseFiles)
    .innerJoin(memberships, eq(memberships.id, excuseFiles.membershipId))
    .where(and(eq(excuseFiles.id, fileId), eq(memberships.courseId, courseId)));
  return row;
}

/** How many documents a member has sent since, whatever became of them. */
export async function countDocumentsSince(
  db: Db,
  { membershipId, since }: { membershipId: string; since: Date },
): Promise<number> {
  return db.$count(
    excuseFiles,
    and(eq(excuseFiles.membershipId, membershipId), gte(excuseFiles.createdAt, since)),
  );
}

/** @returns false: the id is taken */
export async function insertDocument(db: Db, document: NewDocument & { createdAt: Date }): Promise<boolean> {
  const rows = await db
    .insert(excuseFiles)
    .values(document)
    .onConflictDoNothing({ target: excuseFiles.id })
    .returning({ id: excuseFiles.id });
  return rows.length > 0;
}

/** Another try of the same document, in the place of one that has not come to its end. @returns false: it has */
export async function replaceDocument(
  db: Db,
  { id, membershipId, insteadOf, ...document }: NewDocument & { insteadOf: string },
): Promise<boolean> {
  const rows = await db
    .update(excuseFiles)
    .set(document)
    .where(and(isTry({ id, objectKey: insteadOf }), eq(excuseFiles.membershipId, membershipId)))
    .returning({ id: excuseFiles.id });
  return rows.length > 0;
}

/** The whole object lies in the store. @returns false: another try was faster, or the document was discarded */
export async function markDocumentStored(
  db: Db,
  { now, ...document }: { id: string; objectKey: string; now: Date },
): Promise<boolean> {
  const rows = await db
    .update(excuseFiles)
    .set({ storedAt: now })
    .where(isTry(document))
    .returning({ id: excuseFiles.id });
  return rows.length > 0;
}

/** A document that is being stored, by this try. */
function isTry({ id, objectKey }: { id: string; objectKey: string }) {
  return and(
    eq(excuseFiles.id, id),
    eq(excuseFiles.objectKey, objectKey),
    isNull(excuseFiles.storedAt),
    isNull(excuseFiles.discardedAt),
  );
}

/** A student's own, not handed in yet: nobody may hand it in any more. @returns false: there is none such */
export async function discardOwnDocument(
  db: Db,
  { fileId, membershipId, now }: { fileId: string; membershipId: string; now: Date },
): Promise<boolean> {
  const rows = await db
    .update(excuseFiles)
    .set({ discardedAt: now })
    .where(
      and(
        eq(excuseFiles.id, fileId),
        eq(excuseFiles.membershipId, membershipId),
        isNull(excuseFiles.excuseId),
        isNull(excuseFiles.discardedAt),
      ),
    )
    .returning({ id: excuseFiles.id });
  return rows.length > 0;
}

/** Whether the log tells already that this person has opened this document. */
export async function selectWasOpened(
  db: Db,
  given: { excuseId: string; fileId: string; personId: string; since: Date },
): Promise<boolean> {
  const [row] = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.subjectId, given.excuseId),
        gte(auditEvents.at, given.since),
        eq(auditEvents.action, 'excuse.document-opened'),
        eq(auditEvents.actorPersonId, given.personId),
        sql`${auditEvents.after} ->> 'fileId' = ${given.fileId}`,
      ),
    )
    .limit(1);
  return row !== undefined;
}

/** What the cleaner looks through, in the words of its index. */
const isUnsettled = sql`${excuseFiles.removedAt} is null
  and (${excuseFiles.excuseId} is null or ${excuseFiles.storedAt} is null or ${excuseFiles.discardedAt} is not null)`;

/** Discards what was sent and never handed in, and what never lay in the store whole. @returns how many */
export async function discardForsaken(
  db: Db,
  given: { unattachedBefore: Date; unstoredBefore: Date; now: Date },
): Promise<number> {
  const rows = await db
    .update(excuseFiles)
    .set({ discardedAt: given.now })
    .where(
      and(
        isUnsettled,
        isNull(excuseFiles.discardedAt),
        or(
          and(isNull(excuseFiles.excuseId), lt(excuseFiles.createdAt, given.unattachedBefore)),
          and(isNull(excuseFiles.storedAt), lt(excuseFiles.createdAt, given.unstoredBefore)),
        ),
      ),
    )
    .returning({ id: excuseFiles.id });
  return rows.length;
}

/** Some of the documents whose objects are to be deleted; by lot, so that one that fails stands in nobody's way. */
export async function selectToRemove(db: Db, limit: number): Promise<{ id: string; objectKey: string }[]> {
  return db
    .select({ id: excuseFiles.id, objectKey: excuseFiles.objectKey })
    .from(excuseFiles)
    .where(and(isUnsettled, sql`${excuseFiles.discardedAt} is not null`))
    .orderBy(sql`random()`)
    .limit(limit);
}

/** An object is gone. What was handed in leaves a trace without its name, anything else leaves none. */
export async function settleRemoved(db: Db, { id, now }: { id: string; now: Date }): Promise<void> {
  await db.delete(excuseFiles).where(and(eq(excuseFiles.id, id), isNull(excuseFiles.excuseId)));
  await db
    .update(excuseFiles)
    .set({ removedAt: now, name: null })
    .where(and(eq(excuseFiles.id, id), isNull(excuseFiles.removedAt)));
}

/** Those of these keys whose objects some row wants to be there. */
export async function selectWantedKeys(db: Db, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ objectKey: excuseFiles.objectKey })
    .from(excuseFiles)
    .where(
      and(
        sql`${excuseFiles.objectKey} = any(${sql.param([...keys])}::text[])`,
        isNull(excuseFiles.removedAt),
      ),
    );
  return new Set(rows.map(({ objectKey }) => objectKey));
}
