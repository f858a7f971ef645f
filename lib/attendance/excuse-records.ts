import { findPolicy } from '../access/find-policy.ts';
import { newId, recordSubject } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import type { RecordBefore } from '../db/schema.ts';
import { publishMeetings } from '../live/notices.ts';
import type { RecordView } from '../live/notices.ts';
import { presenceOf, spansView } from './apply-change.ts';
import { enterRecords } from './enter-records.ts';
import {
  lockMeetingsOfCourse,
  lockRecordsOfMember,
  selectExcused,
  selectPastRevisions,
  selectSights,
} from './queries.ts';
import type { LockedMeeting } from './queries.ts';
import { decideFromEvidence, excuseAbsence, rejudge } from './rules.ts';
import type { DecidedRecord } from './rules.ts';

/** An excuse whose decision names meetings. The caller has locked it, and has checked access. */
interface Excuse {
  courseId: string;
  excuseId: string;
  membershipId: string;
}

/** What a decision did at one meeting. */
export interface ExcusedRecord {
  meetingId: string;
  /** Not where the student was there, or was excused already. */
  changed: boolean;
  /** What stood there; null: nothing, or it was not changed. */
  before: RecordBefore | null;
}

/**
 * Puts `excused` in the place of a member's absences at these meetings, with its audit, and tells who looks on. Whoever
 * was there stays what they were: an excuse takes no minute away.
 */
export async function excuseRecords(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  excuse: Excuse,
  meetingIds: readonly string[],
): Promise<ExcusedRecord[]> {
  const standing = await lockStanding(tx, excuse, meetingIds);
  const isAbsence = ({ record }: Standing) => record === null || record.status === 'absent';
  const changed = standing.filter(isAbsence).map((one) => ({
    ...one,
    decided: excuseAbsence(
      one.record === null ? undefined : { ...one.record, spans: presenceOf(one.record) },
    ),
  }));
  await enterChanges(tx, excuse, changed, 'record.excused');
  return standing.map((one) => ({
    meetingId: one.meeting.id,
    changed: isAbsence(one),
    before: isAbsence(one) ? one.record : null,
  }));
}

/**
 * Takes back what an accepted excuse did at these meetings: a teacher's word that stood there before stands again, else
 * what evidence shows, else nothing. A record that somebody has changed since stays as it is, and so does one that
 * another accepted excuse names.
 */
export async function restoreRecords(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  excuse: Excuse,
  decided: readonly { meetingId: string; before: RecordBefore | null }[],
): Promise<void> {
  const beforeAt = new Map(decided.map(({ meetingId, before }) => [meetingId, before]));
  const meetingIds = [...beforeAt.keys()];
  const standing = await lockStanding(tx, excuse, meetingIds);
  const places = { meetingIds, membershipIds: [excuse.membershipId] };
  const sights = await selectSights(tx.db, places);
  const stillExcused = await selectExcused(tx.db, places, excuse.excuseId);
  const policy = await findPolicy(tx, excuse.courseId);
  const changed = standing.flatMap((one) => {
    const { meeting, record } = one;
    const subject = recordSubject(meeting.id, excuse.membershipId);
    if (record?.source !== 'excuse' || stillExcused.has(subject)) return [];
    const before = beforeAt.get(meeting.id);
    const decided =
      before?.source === 'teacher'
        ? { ...rejudge(meeting, { ...before, spans: presenceOf(before) }, policy), source: before.source }
        : decideFromEvidence(meeting, sights.get(subject) ?? [], policy, false);
    return [{ ...one, decided }];
  });
  await enterChanges(tx, excuse, changed, 'record.excuse-taken-back');
}

/** What stands at a locked meeting for the member. */
interface Standing {
  meeting: LockedMeeting;
  /** The record's own id, or a new one. */
  id: string;
  record: RecordView | null;
  /** The last revision of a record that was taken away; 0: there was none. */
  pastRevision: number;
}

async function lockStanding(
  tx: Pick<Ctx, 'db'>,
  { courseId, membershipId }: Excuse,
  meetingIds: readonly string[],
): Promise<Standing[]> {
  const meetings = await lockMeetingsOfCourse(tx.db, courseId, meetingIds);
  const held = new Map(
    (await lockRecordsOfMember(tx.db, membershipId, meetingIds)).map((row) => [row.meetingId, row]),
  );
  const past = await selectPastRevisions(
    tx.db,
    meetings.filter(({ id }) => !held.has(id)).map(({ id: meetingId }) => ({ meetingId, membershipId })),
  );
  return meetings.map((meeting) => ({
    meeting,
    id: held.get(meeting.id)?.id ?? newId(),
    record: held.get(meeting.id)?.record ?? null,
    pastRevision: past.get(recordSubject(meeting.id, membershipId)) ?? 0,
  }));
}

/** Enters what was decided; undefined: the record goes. The locked meetings keep every other hand waiting. */
async function enterChanges(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  { courseId, membershipId }: Excuse,
  changes: readonly (Standing & {
    decided: (DecidedRecord & Pick<RecordView, 'source'>) | undefined;
  })[],
  action: 'record.excused' | 'record.excuse-taken-back',
): Promise<void> {
  await enterRecords(
    tx,
    courseId,
    changes.map(({ meeting, id, record, pastRevision, decided }) => ({
      ...{ id, meetingId: meeting.id, membershipId, before: record },
      after:
        decided === undefined
          ? null
          : {
              ...{ note: null, replacesMeetingId: null, flags: [] },
              ...record,
              ...decided,
              spans: spansView(decided.spans),
              revision: (record?.revision ?? pastRevision) + 1,
            },
    })),
    action,
  );
  await publishMeetings(
    tx,
    changes.map(({ meeting }) => meeting.id),
  );
}
