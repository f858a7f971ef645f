import { nearestAddress } from '../base/networks.ts';
import { addMs, minuteMs } from '../base/time.ts';
import { decideFromEvidence } from '../attendance/rules.ts';
import type {
  DecidedFromEvidence,
  DecidedRecord,
  JudgingPolicy,
  PresenceSpan,
  Sight,
  TeachingTime,
} from '../attendance/rules.ts';
import type { Status } from '../base/statuses.ts';
import { isWindowOpen, judgeCode } from '../check-in-windows/rules.ts';
import type { CodeSource, ReadCode, Via, Window } from '../check-in-windows/rules.ts';
import type { RecordSource, Role } from '../db/schema.ts';
import type { WhereaboutsFlag } from './whereabouts.ts';

/** How long a scan waits for its sign-in. */
export const ticketMs = 10 * minuteMs;

const countedWithinMs = 10 * minuteMs;
const maxWrongGuesses = 10;
/** More than a person does in ten minutes, whatever goes wrong; no phone's script fills the database. */
const maxAttempts = 30;

export interface ScannedMeeting extends TeachingTime {
  state: 'planned' | 'cancelled';
}

export type RefusedScan =
  | { kind: 'code-too-old'; ageSeconds: number }
  | { kind: 'code-unknown' }
  | { kind: 'not-open-yet' }
  | { kind: 'closed' }
  | { kind: 'meeting-over' };

export interface ScanTarget {
  source: CodeSource;
  window: Window;
  meeting: ScannedMeeting;
}

/**
 * Whether a code, seen at an instant, may check anybody into this meeting, or out of it.
 *
 * @param extraMs more time, for somebody who needs it
 */
export function decideScan(
  target: ScanTarget,
  code: ReadCode,
  at: Date,
  extraMs = 0,
): { kind: 'taken'; codeAgeMs: number | null } | RefusedScan {
  // Asked first: who comes to a check-in that is over is not helped by "scan again", nor by "unknown" when the
  // code is too old to be recognised. The locator alone tells which check-in it was.
  const refusal = decideWindow(target, at, extraMs);
  if (refusal !== undefined) return refusal;
  const judged = judgeCode(target.source, code, at, extraMs);
  if (judged.kind === 'unknown') return { kind: 'code-unknown' };
  if (judged.kind === 'too-old') {
    return { kind: 'code-too-old', ageSeconds: Math.round(judged.ageMs / 1000) };
  }
  return { kind: 'taken', codeAgeMs: judged.ageMs };
}

/**
 * Why no code at all is taken at an instant. Nobody comes to a meeting that is over; who leaves it may say so as long as
 * the window is open.
 */
export function decideWindow(
  { window, meeting }: Pick<ScanTarget, 'window' | 'meeting'>,
  at: Date,
  extraMs: number,
): RefusedScan | undefined {
  if (window.direction === 'in' && at >= meeting.endsAt) return { kind: 'meeting-over' };
  if (meeting.state === 'cancelled') return { kind: 'closed' };
  if (isWindowOpen(window, at, extraMs)) return undefined;
  return at < window.opensAt && window.closedAt === null ? { kind: 'not-open-yet' } : { kind: 'closed' };
}

/** A scan or a typed code that waits for its person. */
export interface Attempt {
  ticketId: string;
  /** When the code was seen: this time counts, however long the sign-in took. */
  at: Date;
  via: Via;
  /** Judged already when it was seen, or still to be judged. */
  code: { verified: true; ageMs: number | null } | { verified: false; read: ReadCode };
  /** The browser that saw the code is the one that confirms. */
  sameBrowser: boolean;
  /** The browser that saw the code, as a hash of its id; null: not known. */
  scanBrowserHash: string | null;
}

/** What the database knows about an attempt. */
export interface AttemptSnapshot extends ScanTarget {
  courseId: string;
  /** The asking person's place in the course; none: never a member. */
  member:
    { id: string; role: Role; isTestUser: boolean; isEnrolled: boolean; extraMinutes: number } | undefined;
  record:
    | {
        source: RecordSource;
        status: Status;
        provenMinutes: number;
        isOpen: boolean;
        spans: PresenceSpan[];
      }
    | undefined;
  /** Where evidence has shown them at this meeting so far, in and out; without what a teacher has set aside. */
  sights: readonly Sight[];
  policy: JudgingPolicy;
  /** What this very ticket did before. */
  earlier: { membershipId: string } | undefined;
  /** Wrong typed codes of this member, and attempts of any kind, counted from `countedSince`. */
  wrongGuesses: number;
  attempts: number;
  /** This browser is remembered as somebody else's phone. */
  deviceOfOther: boolean;
}

export type Flag = 'other-browser' | 'other-persons-device' | 'no-check-in' | WhereaboutsFlag;

/** What evidence amounts to for a record that stands there already: nothing new, or nothing that counts. */
export type Unchanged = 'already' | 'noted' | 'unpaired';

/** What is kept of a check-in: with what it changes, or beside a record that stays as it is. */
export type DecisionToKeep =
  /** The record says something new: what it becomes. */
  | { kind: 'changes'; decided: DecidedFromEvidence; codeAgeMs: number | null; flags: Flag[] }
  /** Evidence only: the record stays as it is. */
  | { kind: Unchanged; codeAgeMs: number | null; flags: Flag[] }
  /** The same was confirmed before by the same person: the same answer again. */
  | { kind: 'repeated'; as: Unchanged };

export type CheckInDecision =
  | DecisionToKeep
  | RefusedScan
  | {
      kind: 'not-a-member' | 'not-a-student' | 'test-user' | 'ticket-expired' | 'too-many-attempts';
    }
  /** Somebody else has confirmed this scan: noted, because a link was passed on, and refused. */
  | { kind: 'ticket-used' }
  /** A typed code that is wrong: noted against guessing, then refused for the reason told. */
  | { kind: 'wrong-guess'; refusal: RefusedScan };

export type HelperDecision =
  | DecisionToKeep
  | { kind: 'not-open-yet' | 'closed' | 'meeting-over' }
  | { kind: 'not-a-member' | 'not-a-student' | 'test-user' }
  | { kind: 'ticket-used' };

/** Since when wrong guesses and attempts count against a person. */
export function countedSince(now: Date): Date {
  return new Date(now.getTime() - countedWithinMs);
}

/** Whether a person has guessed so often that typed codes are not looked at for a while. */
export function isGuessing(wrongGuesses: number): boolean {
  return wrongGuesses > maxWrongGuesses;
}

export function isTicketOver(at: Date, now: Date): boolean {
  return now.getTime() > at.getTime() + ticketMs;
}

/**
 * Decides what a confirmed attempt becomes. The time of the scan decides about code, window and minutes; the
 * time of confirmation only about the ticket. A teacher's entry is never replaced. Else the record follows from all
 * sights together, whichever was confirmed first: a later one never takes away what an earlier one proved.
 */
export function decideCheckIn(snapshot: AttemptSnapshot, attempt: Attempt, now: Date): CheckInDecision {
  const { member, window } = snapshot;
  if (member?.isEnrolled !== true) return { kind: 'not-a-member' };
  if (member.isTestUser) return { kind: 'test-user' };
  if (member.role !== 'student') return { kind: 'not-a-student' };
  if (snapshot.earlier !== undefined) {
    // Before the ticket's age is asked: who reloads the page later sees the same success.
    if (snapshot.earlier.membershipId !== member.id) {
      // It is noted each time, but not without end.
      return { kind: snapshot.attempts > maxAttempts ? 'too-many-attempts' : 'ticket-used' };
    }
    const effect = decideEffect(snapshot, snapshot.sights);
    // Its evidence is there and its record is not: somebody else was writing in that moment.
    return typeof effect === 'string'
      ? { kind: 'repeated', as: effect }
      : { kind: 'changes', decided: effect, codeAgeMs: null, flags: [] };
  }
  if (isTicketOver(attempt.at, now)) return { kind: 'ticket-expired' };
  if (snapshot.attempts > maxAttempts) return { kind: 'too-many-attempts' };
  if (attempt.via === 'typed' && isGuessing(snapshot.wrongGuesses)) return { kind: 'too-many-attempts' };

  const extraMs = member.extraMinutes * minuteMs;
  let codeAgeMs: number | null;
  if (attempt.code.verified) {
    const refusal = decideWindow(snapshot, attempt.at, extraMs);
    if (refusal !== undefined) return refusal;
    codeAgeMs = attempt.code.ageMs;
  } else {
    const scan = decideScan(snapshot, attempt.code.read, attempt.at, extraMs);
    if (scan.kind !== 'taken') {
      // A typed code that was right a while ago counts too: else old codes could be searched for freely.
      const isGuess = scan.kind === 'code-unknown' || scan.kind === 'code-too-old';
      return attempt.via === 'typed' && isGuess ? { kind: 'wrong-guess', refusal: scan } : scan;
    }
    ({ codeAgeMs } = scan);
  }

  const effect = decideEffect(snapshot, [
    ...snapshot.sights,
    { at: attempt.at, direction: window.direction },
  ]);
  const flags: Flag[] = [];
  if (!attempt.sameBrowser) flags.push('other-browser');
  if (snapshot.deviceOfOther) flags.push('other-persons-device');
  if (effect === 'unpaired') flags.push('no-check-in');
  return typeof effect === 'string'
    ? { kind: effect, codeAgeMs, flags }
    : { kind: 'changes', decided: effect, codeAgeMs, flags };
}

/** What all sights make of the record that stands there. */
function decideEffect(
  { record, meeting, policy }: Pick<AttemptSnapshot, 'record' | 'meeting' | 'policy'>,
  sights: readonly Sight[],
): Unchanged | DecidedFromEvidence {
  if (record?.source === 'teacher') return 'noted';
  const decided = decideFromEvidence(meeting, sights, policy, record?.source === 'excuse');
  if (decided === undefined) {
    if (record !== undefined) return 'already';
    // Nothing that counts is left: a teacher has set it aside.
    return sights.length === 0 ? 'noted' : 'unpaired';
  }
  return record !== undefined && saysTheSame(record, decided) ? 'already' : decided;
}

function saysTheSame(record: NonNullable<AttemptSnapshot['record']>, decided: DecidedRecord): boolean {
  return (
    record.status === decided.status &&
    record.provenMinutes === decided.provenMinutes &&
    record.isOpen === decided.isOpen &&
    record.spans.length === decided.spans.length &&
    record.spans.every(
      ({ from, to }, index) =>
        from.getTime() === decided.spans[index]?.from.getTime() &&
        to?.getTime() === decided.spans[index].to?.getTime(),
    )
  );
}

/** So long before a meeting's start, and after its end, somebody may be checked in or out without a code. */
export const aroundMeetingMs = 120 * minuteMs;

/**
 * Decides what becomes of a member whom somebody who runs the course checks in or out, without a code. They may have
 * come before the start; nobody comes to a meeting that is over, but who leaves it may say so for a while.
 */
export function decideHelperCheckIn(
  snapshot: Omit<AttemptSnapshot, 'source' | 'window' | 'deviceOfOther'>,
  sight: Sight,
): HelperDecision {
  const { member, meeting } = snapshot;
  if (member?.isEnrolled !== true) return { kind: 'not-a-member' };
  if (member.isTestUser) return { kind: 'test-user' };
  if (member.role !== 'student') return { kind: 'not-a-student' };
  const isRepeated = snapshot.earlier !== undefined;
  if (snapshot.earlier !== undefined && snapshot.earlier.membershipId !== member.id)
    return { kind: 'ticket-used' };
  if (!isRepeated) {
    if (meeting.state === 'cancelled') return { kind: 'closed' };
    if (sight.at < addMs(meeting.startsAt, -aroundMeetingMs)) return { kind: 'not-open-yet' };
    const isOver =
      sight.direction === 'in'
        ? sight.at >= meeting.endsAt
        : sight.at > addMs(meeting.endsAt, aroundMeetingMs);
    if (isOver) return { kind: 'meeting-over' };
  }
  const effect = decideEffect(snapshot, isRepeated ? snapshot.sights : [...snapshot.sights, sight]);
  if (typeof effect !== 'string') return { kind: 'changes', decided: effect, codeAgeMs: null, flags: [] };
  return isRepeated
    ? { kind: 'repeated', as: effect }
    : { kind: effect, codeAgeMs: null, flags: effect === 'unpaired' ? ['no-check-in'] : [] };
}

/**
 * The time that counts of a check-in or check-out: of several arrivals the first, of several goings too. Its own where
 * none of the record's times stands for it.
 */
export function countedTime(spans: readonly PresenceSpan[], { at, direction }: Sight): Date {
  const times = spans
    .map(({ from, to }) => (direction === 'in' ? from : to))
    .filter((time): time is Date => time !== null && time <= at);
  return times.at(-1) ?? at;
}

/**
 * The network that a request came from, as its /24 or /48 prefix: enough to see who sat in the same room,
 * too little to find a person.
 */
export function networkPrefix(forwardedFor: string | null): string | null {
  const address = nearestAddress(forwardedFor);
  if (address === null) return null;
  if (!address.includes(':')) return address.replace(/\d+$/, '0/24');
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const full = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  const prefix = full.slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(':')}::/48`;
}
