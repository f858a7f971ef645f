import { recordEvent } from '../audit/record-event.ts';
import { newId } from '../base/ids.ts';
import { keyedHash, tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { isLostRace } from '../db/lost-race.ts';
import type { Status } from '../base/statuses.ts';
import { noticePayload } from '../live/notices.ts';
import { insertCheckIn, insertEvidence, selectCheckInSnapshot, selectWrongGuesses } from './queries.ts';
import type { CheckInSnapshot, MeetingOfWindow, NewEvidence, WindowKey } from './queries.ts';
import { decideCheckIn, guessesSince, isGuessing } from './rules.ts';
import type { Attempt, CheckInDecision, RefusedScan } from './rules.ts';
import { openSecret } from '../check-in-windows/window-secret.ts';

/** What the student sees as done. */
export interface ConfirmedCheckIn {
  kind: 'checked-in' | 'already' | 'noted';
  checkInId: string;
  courseId: string;
  /** The arrival that counts. */
  at: Date;
  status: Status;
  provenMinutes: number;
  meeting: MeetingOfWindow;
  personName: string | null;
}

/**
 * `noted`: a teacher had entered the attendance before; it stays, the check-in is kept as evidence.
 * `someone-else`: this phone is remembered for another person than the page said.
 */
export type CheckInResult =
  | ConfirmedCheckIn
  | RefusedScan
  | { kind: 'not-a-member' }
  | { kind: 'not-a-student' }
  | { kind: 'test-user' }
  | { kind: 'ticket-expired' }
  | { kind: 'ticket-used' }
  | { kind: 'too-many-attempts' }
  | { kind: 'someone-else' };

export interface AttemptOfPerson {
  key: WindowKey;
  attempt: Attempt;
  /** The person of a launch or login; undefined: whoever this phone is remembered for. */
  personId: string | undefined;
  deviceKey: string | undefined;
  /** The address' prefix, see `networkPrefix`; kept as a keyed hash. */
  network: string | null;
  /** The membership that the page named, where one did. */
  expectedMembershipId?: string | undefined;
  /** Where a code was typed inside the tool; codes of other courses are not known there. */
  typedIn?: { courseId: string; membershipId: string } | undefined;
}

/** As `judgeAttempt`; when two rows of this person became one in the same moment, it is judged by the one that stays. */
export async function confirmAttempt(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  given: AttemptOfPerson,
): Promise<CheckInResult> {
  try {
    return await judgeAttempt(ctx, given);
  } catch (error) {
    if (!isLostRace(error)) throw error;
    return judgeAttempt(ctx, given);
  }
}

/**
 * Turns an attempt into a check-in: one read, a decision, one statement. When another attempt was faster in
 * between, a third round trip reads what now stands.
 */
async function judgeAttempt(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  given: AttemptOfPerson,
): Promise<CheckInResult> {
  const asking = {
    personId: given.personId,
    deviceHash: given.deviceKey === undefined ? undefined : tokenHash(given.deviceKey),
  };
  const { attempt } = given;
  const read = () =>
    selectCheckInSnapshot(ctx.db, given.key, asking, {
      ticketId: attempt.ticketId,
      now: ctx.now,
      guessesSince: guessesSince(ctx.now),
    });

  const snapshot = await read();
  const { typedIn } = given;
  if (typedIn !== undefined && snapshot?.meeting.courseId !== typedIn.courseId) {
    return refuseForeignCode(ctx, attempt, typedIn);
  }
  if (snapshot === undefined) return { kind: 'code-unknown' };
  const { member, window, meeting, device } = snapshot;
  if (given.expectedMembershipId !== undefined && given.expectedMembershipId !== member?.id) {
    return { kind: 'someone-else' };
  }
  const decision = decide(ctx, snapshot, attempt);
  if (member === undefined) return { kind: 'not-a-member' };
  const evidence: NewEvidence = {
    id: newId(),
    ticketId: attempt.ticketId,
    courseId: meeting.courseId,
    meetingId: meeting.id,
    windowId: window.id,
    membershipId: member.id,
    outcome: 'wrong-code',
    via: attempt.via,
    scannedAt: attempt.at,
    confirmedAt: ctx.now,
    codeAgeMs: null,
    // Another person's phone is told by its flag, not counted as this person's.
    deviceId: device?.personId === member.personId ? device.id : null,
    networkHash: given.network === null ? null : keyedHash(ctx.secrets, 'network', given.network),
    flags: [],
  };

  switch (decision.kind) {
    case 'wrong-guess':
      // Without the ticket's id: a person may try the same ticket no second time, and must count if they do.
      await insertEvidence(ctx.db, { ...evidence, ticketId: null });
      return decision.refusal;
    case 'repeated':
      return confirmed(snapshot, decision.record, snapshot.earlier?.id ?? '', attempt.at);
    case 'already':
    case 'noted': {
      const { codeAgeMs, flags } = decision;
      const isNew = await insertEvidence(ctx.db, { ...evidence, outcome: decision.kind, codeAgeMs, flags });
      return isNew
        ? confirmed(snapshot, decision.kind, evidence.id, attempt.at)
        : afterOther(ctx, await read(), attempt);
    }
    case 'check-in': {
      const { attendance, codeAgeMs, flags } = decision;
      const { isNew, recorded } = await insertCheckIn(
        ctx.db,
        { ...evidence, meetingId: meeting.id, outcome: 'checked-in', codeAgeMs, flags },
        {
          attendance,
          from: attempt.at,
          actorPersonId: member.personId,
          meetingRevision: meeting.revision,
          audit: recordEvent({
            ...{ courseId: meeting.courseId, meetingId: meeting.id, membershipId: member.id },
            action: 'record.checked-in',
            before: snapshot.record ?? null,
            after: { ...attendance, source: 'check-in', checkInId: evidence.id },
          }),
          notice: noticePayload({
            kind: 'record',
            meetingId: meeting.id,
            membershipId: member.id,
            name: member.listName,
            record: {
              ...attendance,
              spans: [{ from: attempt.at.toISOString(), to: null }],
              replacesMeetingId: null,
              note: snapshot.record?.note ?? null,
              source: 'check-in',
              revision: 1,
              flags,
            },
          }),
        },
      );
      if (!isNew || !recorded) {
        const now = await read();
        // The meeting was edited in between: what stands now is judged anew, by its new times.
        if (now !== undefined && now.earlier === undefined && now.meeting.revision !== meeting.revision) {
          return judgeAttempt(ctx, given);
        }
        return afterOther(ctx, now, attempt);
      }
      return {
        kind: 'checked-in',
        checkInId: evidence.id,
        courseId: meeting.courseId,
        at: attempt.at,
        ...attendance,
        meeting,
        personName: member.personName,
      };
    }
    default:
      return decision;
  }
}

/** A code that leads to no window of this course: a guess like any other wrong code. */
async function refuseForeignCode(
  ctx: Pick<Ctx, 'db' | 'now'>,
  attempt: Attempt,
  place: { courseId: string; membershipId: string },
): Promise<CheckInResult> {
  if (isGuessing(await selectWrongGuesses(ctx.db, place.membershipId, guessesSince(ctx.now)))) {
    return { kind: 'too-many-attempts' };
  }
  await insertEvidence(ctx.db, {
    id: newId(),
    ticketId: null,
    ...place,
    meetingId: null,
    windowId: null,
    outcome: 'wrong-code',
    via: attempt.via,
    scannedAt: attempt.at,
    confirmedAt: ctx.now,
    codeAgeMs: null,
    deviceId: null,
    networkHash: null,
    flags: [],
  });
  return { kind: 'code-unknown' };
}

function decide(
  ctx: Pick<Ctx, 'now' | 'secrets'>,
  snapshot: CheckInSnapshot,
  attempt: Attempt,
): CheckInDecision {
  const { window, member, device } = snapshot;
  return decideCheckIn(
    {
      ...snapshot,
      courseId: snapshot.meeting.courseId,
      source: { ...window, secret: openSecret(ctx.secrets, window.sealedSecret) },
      deviceOfOther: device !== undefined && device.personId !== member?.personId,
    },
    attempt,
    ctx.now,
  );
}

function confirmed(
  snapshot: CheckInSnapshot,
  kind: 'already' | 'noted',
  checkInId: string,
  scannedAt: Date,
): ConfirmedCheckIn {
  const { meeting, record, arrivedAt, earlier, member } = snapshot;
  return {
    kind,
    checkInId,
    courseId: meeting.courseId,
    at: kind === 'noted' ? (earlier?.scannedAt ?? scannedAt) : (arrivedAt ?? scannedAt),
    status: record?.status ?? 'absent',
    provenMinutes: record?.provenMinutes ?? 0,
    meeting,
    personName: member?.personName ?? null,
  };
}

/** Somebody was faster: a second tap, another phone of the same person, or the teacher. */
function afterOther(
  ctx: Pick<Ctx, 'now' | 'secrets'>,
  snapshot: CheckInSnapshot | undefined,
  attempt: Attempt,
): CheckInResult {
  if (snapshot === undefined) return { kind: 'code-unknown' };
  const decision = decide(ctx, snapshot, attempt);
  if (decision.kind === 'repeated') {
    return confirmed(snapshot, decision.record, snapshot.earlier?.id ?? '', attempt.at);
  }
  if (decision.kind === 'ticket-used') return decision;
  throw new Error(`a check-in was neither written nor found: ${decision.kind}`);
}
