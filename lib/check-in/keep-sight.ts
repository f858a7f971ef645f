import { recordEvent } from '../audit/record-event.ts';
import { newId } from '../base/ids.ts';
import type { Status } from '../base/statuses.ts';
import type { Ctx } from '../context.ts';
import { isLostRace } from '../db/lost-race.ts';
import { transaction } from '../db/transaction.ts';
import type { Direction } from '../db/schema.ts';
import type { ShownKey } from '../devices/rules.ts';
import { noticePayload } from '../live/notices.ts';
import { insertLoneCheckOut, insertSameSight, insertSight } from './queries.ts';
import type { MeetingOfWindow, MemberSnapshot, NewSight } from './queries.ts';
import { countedTime } from './rules.ts';
import type { CheckInDecision, DecisionToKeep, HelperDecision, Unchanged } from './rules.ts';

/** What the student sees as done. */
export interface ConfirmedCheckIn {
  /**
   * `noted`: a teacher had entered the attendance before; it stays, the check-in is kept as evidence. Without a record:
   * a teacher has set the check-in aside. `unpaired`: a check-out of somebody who was not checked in; kept, and it proves nothing.
   */
  kind: 'checked-in' | 'checked-out' | Unchanged;
  direction: Direction;
  checkInId: string;
  courseId: string;
  /** The arrival that counts, or the going. */
  at: Date;
  /** Null: there is no record of them. */
  status: Status | null;
  provenMinutes: number;
  /** Their check-out is needed, and still to come. */
  isOpen: boolean;
  meeting: MeetingOfWindow;
  personName: string | null;
  /** The remembered phone that it was done with: its key may be due, see `renewDevice`. */
  phone?: ShownKey | undefined;
}

/** What is known of the evidence before it is decided about. */
export type SightToKeep = Omit<
  NewSight,
  'id' | 'courseId' | 'meetingId' | 'membershipId' | 'outcome' | 'codeAgeMs' | 'flags'
>;

export function isToKeep(decision: CheckInDecision | HelperDecision): decision is DecisionToKeep {
  return ['changes', 'repeated', 'already', 'noted', 'unpaired'].includes(decision.kind);
}

/** Each try loses against somebody else's change of the same record, the same meeting, or the same ticket. */
const maxTries = 8;

/**
 * Judges until it is kept: when something else changed in between (a second tap, another phone of the same person, the
 * teacher, a merge of two rows of theirs), what stands then is judged anew.
 */
export async function untilKept<Result>(judge: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 1; tries <= maxTries; tries += 1) {
    try {
      const result = await judge();
      if (result !== undefined) return result;
    } catch (error) {
      if (tries === maxTries || !isLostRace(error)) throw error;
    }
  }
  throw new Error('a check-in lost against other changes again and again');
}

/**
 * Keeps what was decided about a member's check-in or check-out, in one statement.
 *
 * @param actorPersonId who did it: the student, or who checked them in
 * @returns what came of it; undefined when something else changed in that moment: judge what stands now anew
 */
export async function keepSight(
  ctx: Pick<Ctx, 'db'>,
  snapshot: MemberSnapshot & { member: NonNullable<MemberSnapshot['member']> },
  decision: DecisionToKeep,
  sight: SightToKeep,
  actorPersonId: string,
): Promise<ConfirmedCheckIn | undefined> {
  const { meeting, member, record, earlier } = snapshot;
  const { direction } = sight;
  const told = (kind: ConfirmedCheckIn['kind'], checkInId: string, now = record): ConfirmedCheckIn => ({
    kind,
    direction,
    checkInId,
    courseId: meeting.courseId,
    at: countedTime(now?.spans ?? [], { at: earlier?.scannedAt ?? sight.scannedAt, direction }),
    status: now?.status ?? null,
    provenMinutes: now?.provenMinutes ?? 0,
    isOpen: now?.isOpen ?? false,
    meeting,
    personName: member.personName,
  });
  if (decision.kind === 'repeated') return told(decision.as, earlier?.id ?? '');

  const done = direction === 'in' ? 'checked-in' : 'checked-out';
  const evidence: NewSight = {
    ...sight,
    id: earlier?.id ?? newId(),
    courseId: meeting.courseId,
    meetingId: meeting.id,
    membershipId: member.id,
    outcome: decision.kind === 'changes' ? done : decision.kind,
    codeAgeMs: decision.codeAgeMs,
    flags: decision.flags,
  };
  const judged = { revision: record?.revision ?? 0, sightCount: record?.sightCount ?? 0 };

  if (decision.kind !== 'changes') {
    if (record === undefined) {
      await transaction(ctx, (tx) => insertLoneCheckOut(tx.db, evidence));
      return undefined;
    }
    const isKept = await insertSameSight(ctx.db, evidence, { judged, meeting });
    return isKept ? told(decision.kind, evidence.id) : undefined;
  }

  const { decided } = decision;
  const { spans, ...attendance } = decided;
  const isRecorded = await insertSight(ctx.db, evidence, {
    decided,
    judged,
    meeting,
    actorPersonId,
    audit: recordEvent({
      ...{ courseId: meeting.courseId, meetingId: meeting.id, membershipId: member.id },
      action: `record.${done}`,
      before:
        record === undefined
          ? null
          : { ...attendanceOf(record), note: record.note, revision: record.revision },
      after: { ...attendance, checkInId: evidence.id, via: sight.via },
    }),
    notice: noticePayload({
      kind: 'record',
      meetingId: meeting.id,
      membershipId: member.id,
      name: member.listName,
      record: {
        ...attendance,
        status: decided.status,
        spans: spans.map(({ from, to }) => ({ from: from.toISOString(), to: to?.toISOString() ?? null })),
        replacesMeetingId: record?.replacesMeetingId ?? null,
        note: record?.note ?? null,
        revision: 1,
        flags: decision.flags,
      },
    }),
  });
  if (!isRecorded) return undefined;
  return told(done, evidence.id, {
    ...{ source: 'check-in', note: null, replacesMeetingId: null, revision: 0, sightCount: 0, ...record },
    ...decided,
  });
}

function attendanceOf({ status, provenMinutes, isOpen, source }: NonNullable<MemberSnapshot['record']>) {
  return { status, provenMinutes, isOpen, source };
}
