import { newId } from '../base/ids.ts';
import { takingTurns } from '../base/in-turn.ts';
import { keyedHash, tokenHash } from '../base/seal.ts';
import { openSecret } from '../check-in-windows/window-secret.ts';
import type { Ctx } from '../context.ts';
import { isToKeep, keepSight, untilKept } from './keep-sight.ts';
import type { ConfirmedCheckIn, SightToKeep } from './keep-sight.ts';
import { insertEvidence, selectCheckInSnapshot, selectWrongGuesses } from './queries.ts';
import type { CheckInSnapshot, WindowKey } from './queries.ts';
import { countedSince, decideCheckIn, isGuessing } from './rules.ts';
import type { Attempt, CheckInDecision, RefusedScan } from './rules.ts';
import { judgeWhereabouts } from './whereabouts.ts';
import type { DevicePosition } from './whereabouts.ts';

/** `someone-else`: this phone is remembered for another person than the page said. */
export type CheckInResult =
  | ConfirmedCheckIn
  | RefusedScan
  | {
      kind:
        | 'not-a-member'
        | 'not-a-student'
        | 'test-user'
        | 'ticket-expired'
        | 'ticket-used'
        | 'too-many-attempts'
        | 'someone-else';
    };

/** From where a check-in is confirmed, as its request tells. */
export interface Circumstances {
  /** The browser's remembered-phone key, if it has one. */
  deviceKey: string | undefined;
  /** The hash of the random id by which this browser is known again; null: it keeps none. */
  browserHash: string | null;
  /** The address' prefix, see `networkPrefix`; kept as a keyed hash. */
  network: string | null;
  /** The address itself, for a course that expects certain networks. It is not kept. */
  address?: string | null;
  /** Where the phone says that it is, when its person shares it. It is not kept. */
  position?: DevicePosition | undefined;
}

export interface AttemptOfPerson {
  key: WindowKey;
  attempt: Attempt;
  /** The person of a launch or login; undefined: whoever this phone is remembered for. */
  personId: string | undefined;
  circumstances: Circumstances;
  /** The membership that the page named, where one did. */
  expectedMembershipId?: string | undefined;
  /** Where a code was typed inside the tool; codes of other courses are not known there. */
  typedIn?: { courseId: string; membershipId: string } | undefined;
}

/** Turns an attempt into a check-in or a check-out: one read, a decision, one statement. */
export function confirmAttempt(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  given: AttemptOfPerson,
): Promise<CheckInResult> {
  const judge = () => untilKept(() => judgeAttempt(ctx, given));
  const who = given.personId ?? given.circumstances.deviceKey;
  return given.attempt.via === 'typed' && who !== undefined ? guessingInTurn(who, judge) : judge();
}

/** Typed codes that a person sends all at once are counted like any others: each sees what the one before has noted. */
const guessingInTurn = takingTurns();

async function judgeAttempt(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  given: AttemptOfPerson,
): Promise<CheckInResult | undefined> {
  const { attempt, circumstances, typedIn } = given;
  const { deviceKey, network } = circumstances;
  const snapshot = await selectCheckInSnapshot(
    ctx.db,
    given.key,
    { personId: given.personId, deviceHash: deviceKey === undefined ? undefined : tokenHash(deviceKey) },
    { ticketId: attempt.ticketId, now: ctx.now, countedSince: countedSince(ctx.now) },
  );
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
  const { flags, ...whereabouts } = judgeWhereabouts(snapshot.policy, circumstances);
  // Another person's phone is told by its flag, not counted as this person's.
  const phone = device?.personId === member.personId ? device : undefined;
  const sight: SightToKeep = {
    ticketId: attempt.ticketId,
    windowId: window.id,
    direction: window.direction,
    via: attempt.via,
    helperPersonId: null,
    scannedAt: attempt.at,
    confirmedAt: ctx.now,
    deviceId: phone?.id ?? null,
    scanBrowserHash: attempt.scanBrowserHash,
    browserHash: circumstances.browserHash,
    networkHash: network === null ? null : keyedHash(ctx.secrets, 'network', network),
    ...whereabouts,
  };
  if (isToKeep(decision)) {
    const toKeep =
      decision.kind === 'repeated' ? decision : { ...decision, flags: [...decision.flags, ...flags] };
    const kept = await keepSight(ctx, { ...snapshot, member }, toKeep, sight, member.personId);
    return kept === undefined ? undefined : { ...kept, phone };
  }
  const isNoted = decision.kind === 'wrong-guess' || decision.kind === 'ticket-used';
  if (!isNoted) return decision;
  await insertEvidence(ctx.db, {
    ...sight,
    id: newId(),
    // Without the ticket's id: it belongs to whoever used it, and a person who tries it again must count again.
    ticketId: null,
    courseId: meeting.courseId,
    meetingId: meeting.id,
    membershipId: member.id,
    outcome: decision.kind === 'wrong-guess' ? 'wrong-code' : 'ticket-used',
    codeAgeMs: null,
    flags: [],
  });
  return decision.kind === 'wrong-guess' ? decision.refusal : decision;
}

/** A code that leads to no window of this course: a guess like any other wrong code. */
async function refuseForeignCode(
  ctx: Pick<Ctx, 'db' | 'now'>,
  attempt: Attempt,
  place: { courseId: string; membershipId: string },
): Promise<CheckInResult> {
  if (isGuessing(await selectWrongGuesses(ctx.db, place.membershipId, countedSince(ctx.now)))) {
    return { kind: 'too-many-attempts' };
  }
  await insertEvidence(ctx.db, {
    id: newId(),
    ticketId: null,
    ...place,
    meetingId: null,
    windowId: null,
    outcome: 'wrong-code',
    direction: 'in',
    via: attempt.via,
    helperPersonId: null,
    scannedAt: attempt.at,
    confirmedAt: ctx.now,
    codeAgeMs: null,
    deviceId: null,
    scanBrowserHash: null,
    browserHash: null,
    networkHash: null,
    isNetworkAllowed: null,
    distanceMeters: null,
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
