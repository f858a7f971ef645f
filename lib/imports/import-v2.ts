import { findPolicy } from '../access/find-policy.ts';
import { enterRecords } from '../attendance/enter-records.ts';
import type { RecordToEnter } from '../attendance/enter-records.ts';
import { spansView } from '../attendance/apply-change.ts';
import { lockMeetingsOfCourse } from '../attendance/queries.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import type { AuditEvent } from '../audit/queries.ts';
import { importedId, newId, recordSubject } from '../base/ids.ts';
import { maxNoteLength } from '../base/note-length.ts';
import { maxText } from '../base/excuse-limits.ts';
import type { Ctx } from '../context.ts';
import { keepCourse } from '../courses/keep-course.ts';
import type { Db } from '../db/client.ts';
import { transaction } from '../db/transaction.ts';
import { insertExcuse, writeDecisions } from '../excuses/queries.ts';
import { publish } from '../live/notices.ts';
import { insertMeetings } from '../meetings/queries.ts';
import { readMeeting } from '../meetings/read-meeting.ts';
import { keepMembers } from '../members/keep-members.ts';
import { placeholderSub } from '../members/rules.ts';
import { bringDocument } from './bring-document.ts';
import type { DocumentMeans, DocumentToBring } from './bring-document.ts';
import { readShape } from './old-shape.ts';
import type { OldRow, OldShape } from './old-shape.ts';
import {
  beginReading,
  countOldTokens,
  selectCoursesOf,
  selectHumans,
  selectKnownExcuses,
  selectKnownSubjects,
  selectOld,
  selectOldColumns,
  selectPlaces,
  selectRecordPlaces,
  selectSettledMeetings,
} from './queries.ts';
import type { CourseToFill } from './queries.ts';
import {
  chooseRecord,
  decideImported,
  gatherHumans,
  noCures,
  readMoment,
  readSession,
  readStatus,
  textOf,
} from './rules.ts';
import type { Cures, Human } from './rules.ts';

export interface ImportOrder {
  /** Ours, and that of its platform. */
  deploymentId: string;
  platformId: string;
  /** Of courses that no teacher has opened yet. */
  timeZone: string;
  /** Of times that the old database keeps without a zone; undefined: that of each course. */
  oldTimeZone: string | undefined;
  /** Undefined: documents stay behind. */
  documents: DocumentMeans | undefined;
}

export interface ImportedCourse {
  /** Of the old table; several where it had the course more than once. */
  oldIds: string[];
  courseId: string;
  title: string;
  isNew: boolean;
  members: number;
  meetings: number;
  records: number;
  excuses: number;
  documents: number;
  /** Meetings, records and excuses that were there already. */
  there: number;
}

export interface ImportReport {
  kind: 'imported';
  courses: ImportedCourse[];
  /** Old courses without an LTI context whose course here nobody has opened yet. */
  waiting: { oldId: string; title: string }[];
  cures: Cures;
  /** Check-in tokens, which were good for minutes; null: there is no such table. */
  tokens: number | null;
  /** Documents that lie in the old folder still, because no folder was named. */
  documentsLeft: number;
  /** Old ids of users without `sub`, Canvas number and SIS id that is known here. */
  unidentified: string[];
  /** Old ids of sessions without a usable day or time. */
  unplaceable: string[];
  /** Columns that nothing was made of. */
  unread: string[];
}

export type Import = ImportReport | { kind: 'other-shape'; missing: OldShape['missing']; found: string[] };

/**
 * Brings over what version 2.0.0 kept: people, meetings, attendance, excuses with their documents. Each course is a
 * transaction. What was brought before stays as it is, whatever became of it since; so saying it again brings only what
 * was missing. An operator's act.
 *
 * @param old the old database; nothing is written there
 * @throws AppError `files-unavailable`, `unavailable`
 */
export async function importFromV2(ctx: Ctx, old: Db, order: ImportOrder): Promise<Import> {
  return transaction({ db: old }, async ({ db }) => {
    await beginReading(db);
    const columns = await selectOldColumns(db);
    const shape = readShape(columns);
    if (shape.missing.length > 0) {
      const found = columns.map(({ table, column }) => `${table}.${column}`);
      return { kind: 'other-shape', missing: shape.missing, found };
    }
    return bringAll(ctx, db, shape, order);
  });
}

async function bringAll(ctx: Ctx, old: Db, shape: OldShape, order: ImportOrder): Promise<ImportReport> {
  const { fields } = shape;
  const users = await selectOld(old, 'users', fields.users);
  const { humans, joined, contradicting } = gatherHumans(users);
  const report: ImportReport = {
    ...{ kind: 'imported', courses: [], waiting: [], documentsLeft: 0, unidentified: [], unplaceable: [] },
    cures: { ...noCures(), 'users-joined': joined, 'users-contradicting': contradicting },
    ...{ tokens: await countOldTokens(old), unread: shape.unread },
  };
  const identities = await identify(ctx, humans, order, report);
  const sessions = await selectOld(old, 'sessions', fields.sessions);
  const oldCourses = await selectOld(old, 'courses', fields.courses);
  const known = new Set(oldCourses.map(({ id }) => id));
  report.cures['sessions-orphaned'] = sessions.filter(({ courseId }) => !known.has(courseId)).length;

  for (const { course, oldIds, isNew } of await findCourses(ctx, oldCourses, order, report)) {
    const ofCourse = sessions.filter(({ courseId }) => oldIds.includes(courseId ?? ''));
    const records = await selectOld(old, 'attendance_records', fields.attendance_records, {
      ...{ field: 'sessionId', among: ofCourse.map(({ id }) => id ?? '') },
    });
    const done = await transaction(ctx, (tx) =>
      bringCourse(
        { ...tx, viewer: undefined },
        { course, sessions: ofCourse, records, identities, order, report },
      ),
    );
    const { documents, ...counted } = done;
    const brought = { oldIds, courseId: course.id, title: course.title, isNew, ...counted, documents: 0 };
    report.courses.push(brought);
    // After the commit: bytes travel while no transaction is open.
    for (const document of documents) {
      if (order.documents === undefined) {
        report.documentsLeft += 1;
        continue;
      }
      const came = await bringDocument(ctx, document, order.documents);
      if (came === 'brought') brought.documents += 1;
      if (came === 'missing') report.cures['documents-missing'] += 1;
      if (came === 'refused') report.cures['documents-refused'] += 1;
    }
  }
  return report;
}

/** A human as the platform knows them, by the id of each old row. */
type Identities = ReadonlyMap<string, Human & { sub: string; isKnown: boolean }>;

async function identify(
  ctx: Ctx,
  humans: readonly Human[],
  { deploymentId }: ImportOrder,
  report: ImportReport,
): Promise<Identities> {
  const known = await selectHumans(ctx.db, deploymentId, {
    subs: humans.flatMap(({ sub }) => sub ?? []),
    numbers: humans.flatMap(({ canvasUserId }) => canvasUserId ?? []),
    sisIds: humans.flatMap(({ sisId }) => sisId ?? []),
  });
  const bySub = new Map(known.map((row) => [row.sub, row]));
  const byNumber = new Map(known.map((row) => [row.canvasUserId, row]));
  // Two people with one SIS id are told apart by nothing here.
  const bySisId = Map.groupBy(known, ({ sisId }) => sisId);
  const identities = new Map<string, Human & { sub: string; isKnown: boolean }>();
  for (const human of humans) {
    const { sub, canvasUserId, sisId } = human;
    const ofSisId = sisId === undefined ? [] : (bySisId.get(sisId) ?? []);
    const row =
      (sub === undefined ? undefined : bySub.get(sub)) ??
      (canvasUserId === undefined ? undefined : byNumber.get(canvasUserId)) ??
      (ofSisId.length === 1 ? ofSisId[0] : undefined);
    const own = row?.sub ?? sub ?? (canvasUserId === undefined ? undefined : placeholderSub(canvasUserId));
    if (own === undefined) {
      report.cures['people-unidentified'] += 1;
      report.unidentified.push(...human.oldIds);
      continue;
    }
    for (const id of human.oldIds) identities.set(id, { ...human, sub: own, isKnown: row !== undefined });
  }
  return identities;
}

interface CourseFound {
  course: CourseToFill;
  oldIds: string[];
  isNew: boolean;
}

/** The courses here that the old ones are; one whose context is known and whom nobody has opened yet is made. */
async function findCourses(
  ctx: Ctx,
  oldCourses: readonly OldRow<'courses'>[],
  { deploymentId, timeZone }: ImportOrder,
  report: ImportReport,
): Promise<CourseFound[]> {
  const there = await selectCoursesOf(ctx.db, deploymentId);
  const found = new Map<string, CourseFound>();
  for (const old of oldCourses) {
    const [contextId, number] = [textOf(old.contextId), textOf(old.canvasCourseId)];
    const title = textOf(old.title) ?? number ?? contextId ?? '';
    const ofNumber = there.filter(({ canvasCourseId }) => number !== undefined && canvasCourseId === number);
    let course =
      there.find((one) => one.contextId === contextId) ?? (ofNumber.length === 1 ? ofNumber[0] : undefined);
    const isNew = course === undefined;
    if (course === undefined && contextId !== undefined) {
      course = await keepCourse(
        ctx,
        {
          ...{ deploymentId, contextId, title, label: undefined, canvasCourseId: number },
          ...{ namesAndRolesUrl: undefined, resourceLinkId: undefined, platformState: undefined },
          ...{ termEndsAt: undefined, teacherTimeZone: undefined },
        },
        timeZone,
      );
      there.push(course);
    }
    if (course === undefined) {
      report.waiting.push({ oldId: old.id ?? '', title });
      report.cures['courses-waiting'] += 1;
      continue;
    }
    const entry = found.get(course.id) ?? { course, oldIds: [], isNew };
    entry.oldIds.push(old.id ?? '');
    found.set(course.id, entry);
  }
  return [...found.values()];
}

interface CourseWork {
  course: CourseToFill;
  sessions: readonly OldRow<'sessions'>[];
  records: readonly OldRow<'attendance_records'>[];
  identities: Identities;
  order: ImportOrder;
  report: ImportReport;
}

async function bringCourse(
  tx: Ctx,
  work: CourseWork,
): Promise<
  Omit<ImportedCourse, 'oldIds' | 'courseId' | 'title' | 'isNew' | 'documents'> & {
    documents: DocumentToBring[];
  }
> {
  const { course, order, report } = work;
  const clock = { zone: course.timeZone, oldZone: order.oldTimeZone ?? course.timeZone };
  const placed = await bringMeetings(tx, work, clock);
  const { places, members } = await bringMembers(tx, work);

  const locked = new Map(
    (await lockMeetingsOfCourse(tx.db, course.id, [...placed.meetingOf.values()])).map((one) => [
      one.id,
      one,
    ]),
  );
  const policy = await findPolicy(tx, course.id);
  const sorted = sortRecords(work, placed.meetingOf, places);
  const subjects = [...sorted.keys()];
  const settled = await selectKnownSubjects(tx.db, subjects);
  for (const { meetingId, membershipId } of await selectRecordPlaces(tx.db, [...locked.keys()])) {
    settled.add(recordSubject(meetingId, membershipId));
  }

  const toEnter: RecordToEnter[] = [];
  const excusesToWrite: ExcuseToWrite[] = [];
  const events: AuditEvent[] = [];
  let there = placed.there;
  for (const [subject, { meetingId, membershipId, rows }] of sorted) {
    const meeting = locked.get(meetingId);
    // A teacher has deleted the meeting since it was brought over.
    if (meeting === undefined) continue;
    const best = chooseRecord(rows);
    const written = rows.map(({ old }) => textOf(old.excuseFile)).filter((text) => text !== undefined);
    const on = { day: placed.dayOf.get(meetingId), startsAt: meeting.startsAt };
    const moment = (text: string | null | undefined) => readMoment(text, on, clock);
    const decided = decideImported(
      meeting,
      {
        ...{ status: best.status, hasDocument: written.length > 0 },
        ...{ arrival: moment(best.old.arrival), leaving: moment(best.old.leaving) },
      },
      policy,
    );
    const note = textOf(best.old.note)?.slice(0, maxNoteLength).toWellFormed() ?? null;
    if (written.length > 0) {
      excusesToWrite.push({
        ...{ id: importedId(course.id, 'excuse', best.id), oldId: best.id, membershipId, meetingId, written },
        ...{
          isAccepted: decided.source === 'excuse',
          note,
          text: textOf(best.old.excuseText)?.slice(0, maxText).toWellFormed() ?? null,
        },
        submittedAt: moment(best.old.changedAt) ?? meeting.startsAt,
      });
    }
    if (settled.has(subject)) {
      there += 1;
      continue;
    }
    for (const cure of decided.cured) report.cures[cure] += 1;
    report.cures['records-doubled'] += rows.length - 1;
    const { status, provenMinutes, isOpen, spans, source } = decided;
    toEnter.push({
      ...{ id: newId(), meetingId, membershipId, before: null },
      after: {
        ...{ status, provenMinutes, isOpen, source, note, replacesMeetingId: null, flags: [], revision: 1 },
        spans: spansView(spans),
      },
    });
    // What gave way stays in the log.
    for (const other of rows) {
      if (other === best) continue;
      const { old } = other;
      events.push({
        ...{ courseId: course.id, action: 'record.imported', subjectId: subject },
        before: { meetingId, membershipId, status: other.status, arrival: old.arrival, leaving: old.leaving },
        after: { meetingId, membershipId, status, spans: spansView(spans) },
      });
    }
  }
  const entered = await enterRecords(tx, course.id, toEnter, 'record.imported');
  const excuses = await writeExcuses(tx, course.id, excusesToWrite);
  there += excusesToWrite.length - excuses;
  if (placed.meetings + entered.size + excuses > 0) {
    events.push({
      ...{ courseId: course.id, action: 'course.imported', subjectId: course.id },
      after: { meetings: placed.meetings, records: entered.size, excuses },
    });
    await publish(tx, { kind: 'roster', courseId: course.id });
  }
  await insertAuditEvents(tx, events);
  return {
    ...{ members, meetings: placed.meetings, records: entered.size, excuses, there },
    documents: excusesToWrite.flatMap(({ id, oldId, membershipId, written }) =>
      [...new Set(written)].map((path, index) => ({
        ...{ excuseId: id, membershipId, written: path },
        fileId: importedId(course.id, 'document', `${oldId} ${String(index)}`),
      })),
    ),
  };
}

interface PlacedSessions {
  /** The meeting of each old session. */
  meetingOf: Map<string, string>;
  /** The day of each meeting, by the course's clock. */
  dayOf: Map<string, string>;
  meetings: number;
  there: number;
}

async function bringMeetings(
  tx: Ctx,
  { course, sessions, report }: CourseWork,
  clock: { zone: string; oldZone: string },
): Promise<PlacedSessions> {
  const placed: PlacedSessions = { meetingOf: new Map(), dayOf: new Map(), meetings: 0, there: 0 };
  const settled = await selectSettledMeetings(
    tx.db,
    sessions.map(({ id }) => importedId(course.id, 'meeting', id ?? '')),
  );
  const rows = [];
  for (const session of sessions) {
    const oldId = session.id ?? '';
    const read = readSession(session, clock);
    const id = importedId(course.id, 'meeting', oldId);
    const meeting = read === undefined ? undefined : placeWords(read.words, clock.zone);
    if (read === undefined || meeting === undefined) {
      report.cures['sessions-unplaceable'] += 1;
      report.unplaceable.push(oldId);
      continue;
    }
    placed.meetingOf.set(oldId, id);
    placed.dayOf.set(id, read.words.date);
    if (settled.has(id)) {
      placed.there += 1;
      continue;
    }
    for (const cure of read.cured) report.cures[cure] += 1;
    if (meeting.breakCured) report.cures['breaks-unusable'] += 1;
    rows.push({ id, courseId: course.id, timeZone: clock.zone, ...meeting.values });
  }
  if (rows.length > 0) await insertMeetings(tx.db, rows);
  await insertAuditEvents(
    tx,
    rows.map(({ id, courseId, timeZone: _, ...after }) => ({
      ...{ courseId, action: 'meeting.imported', subjectId: id, after },
    })),
  );
  placed.meetings = rows.length;
  return placed;
}

/** Breaks that do not fit into the meeting are left out; undefined: it fits into no calendar at all. */
function placeWords(words: NonNullable<ReturnType<typeof readSession>>['words'], zone: string) {
  const withoutTimes = { ...words, breaks: [] };
  for (const [index, attempt] of [words, withoutTimes, { ...withoutTimes, breakMinutes: 0 }].entries()) {
    const read = readMeeting(attempt, zone);
    if (read.ok) return { values: read.meeting, breakCured: index > 0 };
  }
  return undefined;
}

/** The students of the course by the `sub` that they are known by, as the import names them. */
interface Places {
  /** By old id: their place, and whether they are a student there. */
  of: Map<string, { membershipId: string; isStudent: boolean }>;
}

async function bringMembers(
  tx: Ctx,
  { course, records, identities, order }: CourseWork,
): Promise<{ places: Places; members: number }> {
  const humans = new Map(
    records.flatMap(({ userId }) => {
      const human = identities.get(userId ?? '');
      return human === undefined ? [] : [[human.sub, human] as const];
    }),
  );
  const placeOf = await findPlaces(tx, course.id);
  const strangers = [...humans.values()].filter((human) => placeOf(human) === undefined && !human.isStaff);
  const kept = await keepMembers(tx, {
    ...{ platformId: order.platformId, courseId: course.id, launched: false },
    spanStarts: { newMember: null, knownMember: null },
    members: strangers.map(({ sub, canvasUserId, sisId, name, email, isKnown }) => ({
      ...{ sub, canvasUserId, role: 'student', isTestUser: false, sections: undefined },
      ...{ givenName: undefined, familyName: undefined, locale: undefined },
      // What the platform has told since is newer than what the old table says.
      ...(isKnown ? { sisId: undefined, name: undefined, email: undefined } : { sisId, name, email }),
    })),
  });
  const placeNow = await findPlaces(tx, course.id);
  const of: Places['of'] = new Map();
  for (const { userId } of records) {
    const human = identities.get(userId ?? '');
    const place = human === undefined ? undefined : placeNow(human);
    if (place !== undefined) {
      of.set(userId ?? '', { membershipId: place.membershipId, isStudent: place.role === 'student' });
    }
  }
  return { places: { of }, members: kept.length };
}

async function findPlaces(tx: Ctx, courseId: string) {
  const places = await selectPlaces(tx.db, courseId);
  const bySub = new Map(places.map((place) => [place.sub, place]));
  const byNumber = new Map(places.map((place) => [place.canvasUserId, place]));
  return ({ sub, canvasUserId }: { sub: string; canvasUserId: string | undefined }) =>
    bySub.get(sub) ?? (canvasUserId === undefined ? undefined : byNumber.get(canvasUserId));
}

interface SortedRecord {
  id: string;
  status: NonNullable<ReturnType<typeof readStatus>>;
  changedAt: string | null;
  old: OldRow<'attendance_records'>;
}

/** The usable records, those of one student at one meeting together; the others are counted. */
function sortRecords(
  { records, identities, report }: CourseWork,
  meetingOf: ReadonlyMap<string, string>,
  { of }: Places,
): Map<string, { meetingId: string; membershipId: string; rows: [SortedRecord, ...SortedRecord[]] }> {
  const sorted = new Map<
    string,
    { meetingId: string; membershipId: string; rows: [SortedRecord, ...SortedRecord[]] }
  >();
  for (const old of records) {
    const status = readStatus(old.status);
    const meetingId = meetingOf.get(old.sessionId ?? '');
    const place = of.get(old.userId ?? '');
    if (place === undefined) {
      const isHuman = identities.has(old.userId ?? '');
      const isLost = report.unidentified.includes(old.userId ?? '');
      report.cures[isHuman ? 'records-of-staff' : isLost ? 'records-of-unidentified' : 'records-orphaned'] +=
        1;
    } else if (!place.isStudent) report.cures['records-of-staff'] += 1;
    else if (meetingId === undefined) report.cures['records-orphaned'] += 1;
    else if (status === undefined) report.cures['status-unknown'] += 1;
    else {
      const subject = recordSubject(meetingId, place.membershipId);
      const row = { id: old.id ?? '', status, changedAt: old.changedAt ?? null, old };
      const entry = sorted.get(subject);
      if (entry === undefined) {
        sorted.set(subject, { meetingId, membershipId: place.membershipId, rows: [row] });
      } else entry.rows.push(row);
    }
  }
  return sorted;
}

interface ExcuseToWrite {
  id: string;
  oldId: string;
  membershipId: string;
  meetingId: string;
  /** Paths of its documents. */
  written: string[];
  isAccepted: boolean;
  note: string | null;
  text: string | null;
  submittedAt: Date;
}

/**
 * An upload made an absence excused, and nobody decided. It is taken over as accepted, so that nothing changes for the
 * student, and a teacher can take the decision back; decided now, so that its document is there to be looked at.
 */
async function writeExcuses(tx: Ctx, courseId: string, given: readonly ExcuseToWrite[]): Promise<number> {
  const known = await selectKnownExcuses(
    tx.db,
    given.map(({ id }) => id),
  );
  const fresh = given.filter(({ id }) => !known.has(id));
  for (const { id, membershipId, meetingId, isAccepted, note, text, submittedAt } of fresh) {
    await insertExcuse(tx.db, {
      ...{ id, courseId, membershipId, reason: 'other', text, submittedAt },
      ...(isAccepted ? { state: 'accepted', decidedAt: tx.now } : { state: 'submitted' }),
    });
    await writeDecisions(tx.db, id, [
      {
        ...{ meetingId, decision: isAccepted ? 'accepted' : null, changedRecord: isAccepted },
        recordBefore: isAccepted
          ? { status: 'absent', source: 'teacher', spans: [], note, replacesMeetingId: null }
          : null,
      },
    ]);
  }
  await insertAuditEvents(
    tx,
    fresh.map(({ id, membershipId, isAccepted }) => ({
      ...{ courseId, action: 'excuse.imported', subjectId: id },
      after: { membershipId, state: isAccepted ? 'accepted' : 'submitted' },
    })),
  );
  return fresh.length;
}
