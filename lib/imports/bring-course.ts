import { findPolicy } from '../access/find-policy.ts';
import { spansView } from '../attendance/apply-change.ts';
import { enterRecords } from '../attendance/enter-records.ts';
import type { RecordToEnter } from '../attendance/enter-records.ts';
import { lockMeetingsOfCourse } from '../attendance/queries.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import type { AuditEvent } from '../audit/queries.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import { maxText } from '../base/excuse-limits.ts';
import { importedId, newId, recordSubject } from '../base/ids.ts';
import { maxNoteLength } from '../base/note-length.ts';
import type { Ctx } from '../context.ts';
import { publish } from '../live/notices.ts';
import type { DocumentToBring } from './bring-document.ts';
import { bringMeetings } from './bring-meetings.ts';
import type { ImportClock, PlacedSessions } from './bring-meetings.ts';
import { bringMembers } from './bring-members.ts';
import type { Places } from './bring-members.ts';
import type { CourseWork, ImportedCourse } from './import-order.ts';
import type { OldRow } from './old-shape.ts';
import { selectKnownSubjects, selectRecordPlaces } from './queries.ts';
import { chooseRecord, decideImported, readMoment, readStatus, textOf } from './rules.ts';
import { writeExcuses } from './write-excuses.ts';
import type { ExcuseToWrite } from './write-excuses.ts';

type BroughtCourse = Pick<ImportedCourse, 'members' | 'meetings' | 'records' | 'excuses' | 'there'> & {
  documents: DocumentToBring[];
};

/** Brings the meetings, students, records and excuses of one course over, in a transaction. */
export async function bringCourse(tx: Ctx, work: CourseWork): Promise<BroughtCourse> {
  const { course, order } = work;
  const clock = { zone: course.timeZone, oldZone: order.oldTimeZone ?? course.timeZone };
  const placed = await bringMeetings(tx, work, clock);
  const { places, members } = await bringMembers(tx, work);
  const sorted = sortRecords(work, placed.meetingOf, places);
  const here = await readCourse(tx, course.id, { placed, subjects: [...sorted.keys()] });
  const { toEnter, toExcuse, gaveWay, settled } = decideRecords(work, sorted, { placed, here, clock });

  const entered = await enterRecords(tx, course.id, toEnter, 'record.imported');
  const excuses = await writeExcuses(tx, course.id, toExcuse);
  const events = [...gaveWay];
  if (placed.meetings + entered.size + excuses > 0) {
    const after = { meetings: placed.meetings, records: entered.size, excuses };
    events.push({ courseId: course.id, action: 'course.imported', subjectId: course.id, after });
    await publish(tx, { kind: 'roster', courseId: course.id });
  }
  await insertAuditEvents(tx, events);
  return {
    ...{ members, meetings: placed.meetings, records: entered.size, excuses },
    there: placed.there + settled + toExcuse.length - excuses,
    documents: toExcuse.flatMap(({ id, oldId, membershipId, written }) =>
      [...new Set(written)].map((path, index) => ({
        ...{ excuseId: id, membershipId, written: path },
        fileId: importedId(course.id, 'document', `${oldId} ${String(index)}`),
      })),
    ),
  };
}

/** A record of the old table that says something. */
interface SortedRecord {
  id: string;
  status: NonNullable<ReturnType<typeof readStatus>>;
  changedAt: string | null;
  old: OldRow<'attendance_records'>;
}

/** What the old table has of one student at one meeting. */
interface RecordsOfPlace {
  meetingId: string;
  membershipId: string;
  rows: [SortedRecord, ...SortedRecord[]];
}

/** The usable records, those of one student at one meeting together, by their subject (see `recordSubject`); the others are counted. */
function sortRecords(
  { records, identities, report }: CourseWork,
  meetingOf: ReadonlyMap<string, string>,
  places: Places,
): ReadonlyMap<string, RecordsOfPlace> {
  const sorted = new Map<string, RecordsOfPlace>();
  for (const old of records) {
    const status = readStatus(old.status);
    const meetingId = meetingOf.get(old.sessionId ?? '');
    const place = places.get(old.userId ?? '');
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

/** What is known here of the course that is filled. */
interface CourseHere {
  meetings: ReadonlyMap<string, Awaited<ReturnType<typeof lockMeetingsOfCourse>>[number]>;
  policy: CoursePolicy;
  /** Subjects of records that stand here, or did and were taken back. */
  settled: ReadonlySet<string>;
}

async function readCourse(
  tx: Ctx,
  courseId: string,
  { placed, subjects }: { placed: PlacedSessions; subjects: readonly string[] },
): Promise<CourseHere> {
  const locked = await lockMeetingsOfCourse(tx.db, courseId, [...placed.meetingOf.values()]);
  const meetings = new Map(locked.map((one) => [one.id, one]));
  const policy = await findPolicy(tx, courseId);
  const settled = await selectKnownSubjects(tx.db, subjects);
  for (const { meetingId, membershipId } of await selectRecordPlaces(tx.db, [...meetings.keys()])) {
    settled.add(recordSubject(meetingId, membershipId));
  }
  return { meetings, policy, settled };
}

interface DecidedRecords {
  toEnter: RecordToEnter[];
  toExcuse: ExcuseToWrite[];
  /** Second records of a student at a meeting: they stay in the log. */
  gaveWay: AuditEvent[];
  /** As many stand here already. */
  settled: number;
}

function decideRecords(
  { course, report }: CourseWork,
  sorted: ReadonlyMap<string, RecordsOfPlace>,
  { placed, here, clock }: { placed: PlacedSessions; here: CourseHere; clock: ImportClock },
): DecidedRecords {
  const done: DecidedRecords = { toEnter: [], toExcuse: [], gaveWay: [], settled: 0 };
  for (const [subject, { meetingId, membershipId, rows }] of sorted) {
    const meeting = here.meetings.get(meetingId);
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
      here.policy,
    );
    const note = cut(best.old.note, maxNoteLength);
    if (written.length > 0) {
      done.toExcuse.push({
        ...{ id: importedId(course.id, 'excuse', best.id), oldId: best.id, membershipId, meetingId, written },
        ...{ isAccepted: decided.source === 'excuse', note, text: cut(best.old.excuseText, maxText) },
        submittedAt: moment(best.old.changedAt) ?? meeting.startsAt,
      });
    }
    if (here.settled.has(subject)) {
      done.settled += 1;
      continue;
    }
    for (const cure of decided.cured) report.cures[cure] += 1;
    report.cures['records-doubled'] += rows.length - 1;
    const { status, provenMinutes, isOpen, source } = decided;
    const spans = spansView(decided.spans);
    done.toEnter.push({
      ...{ id: newId(), meetingId, membershipId, before: null },
      after: {
        ...{ status, provenMinutes, isOpen, source, note, replacesMeetingId: null, flags: [], revision: 1 },
        spans,
      },
    });
    for (const other of rows) {
      if (other === best) continue;
      const { arrival, leaving } = other.old;
      done.gaveWay.push({
        ...{ courseId: course.id, action: 'record.imported', subjectId: subject },
        before: { meetingId, membershipId, status: other.status, arrival, leaving },
        after: { meetingId, membershipId, status, spans },
      });
    }
  }
  return done;
}

function cut(text: string | null | undefined, most: number): string | null {
  return textOf(text)?.slice(0, most).toWellFormed() ?? null;
}
