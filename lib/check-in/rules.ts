import { createHmac, timingSafeEqual } from 'node:crypto';
import { minuteMs } from '../base/time.ts';
import { computeAttendance } from '../attendance/rules.ts';
import type { Attendance, JudgingPolicy, TeachingTime } from '../attendance/rules.ts';
import type { Status } from '../base/statuses.ts';
import type { Role } from '../db/schema.ts';

/** Crockford's base32: no I, L, O and U, so that nothing is misread from the last row. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

const onlySymbols = new RegExp(`^[${alphabet}]*$`);

const locatorLength = 4;
/** 65 bits: a scanned code is not guessed. */
const scanMacLength = 13;
/** 20 bits, short enough to type; guesses are counted. */
const typedMacLength = 4;

export const defaultStepSeconds = 10;
export const typedStepSeconds = 60;

/** How far back a code that is too old is recognised, so that its age can be told: 15 minutes of either kind. */
const scanStepsBack = 90;
const typedStepsBack = 15;

/** How long a scan waits for its sign-in. */
export const ticketMs = 10 * minuteMs;

/** How far ahead of now the projector may hold codes. */
const codesAheadMs = minuteMs;

const maxWrongGuesses = 10;
const guessesWithinMs = 10 * minuteMs;

export type Via = 'scan' | 'typed';

/** A code taken apart. `text` is its one spelling, which may stand in an address. */
export interface ReadCode {
  via: Via;
  locator: string;
  mac: string;
  text: string;
}

/**
 * Reads what a phone scanned or a person typed: case, spaces and dashes do not matter, O is read as 0, I and L
 * as 1. Undefined when it cannot be one of our codes.
 */
export function readCode(given: string): ReadCode | undefined {
  const text = given
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}_.]/gu, '')
    .replace(/o/g, '0')
    .replace(/[il]/g, '1');
  if (!onlySymbols.test(text)) return undefined;
  const macLength = text.length - locatorLength;
  const via = macLength === scanMacLength ? 'scan' : macLength === typedMacLength ? 'typed' : undefined;
  if (via === undefined) return undefined;
  return { via, locator: text.slice(0, locatorLength), mac: text.slice(locatorLength), text };
}

/** Base32 of the first bits of some bytes. */
function symbolsOf(bytes: Buffer, count: number): string {
  let symbols = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5 && symbols.length < count) {
      bits -= 5;
      symbols += alphabet.charAt((pending >> bits) & 31);
    }
    pending &= (1 << bits) - 1;
  }
  return symbols;
}

/** A locator out of 3 random bytes: it finds the window and proves nothing. */
export function locatorOf(randomBytes: Buffer): string {
  return symbolsOf(randomBytes, locatorLength);
}

/** What makes a window's codes. */
export interface CodeSource {
  locator: string;
  /** The window's own secret: another meeting's codes never fit. */
  secret: Buffer;
  stepSeconds: number;
}

function stepMsOf(source: CodeSource, via: Via): number {
  return (via === 'scan' ? source.stepSeconds : typedStepSeconds) * 1000;
}

function macAt(source: CodeSource, via: Via, step: number): string {
  const digest = createHmac('sha256', source.secret)
    .update(`${via}\0${String(step)}`)
    .digest();
  return symbolsOf(digest, via === 'scan' ? scanMacLength : typedMacLength);
}

/** The code that is shown at an instant. */
export function codeAt(source: CodeSource, via: Via, at: Date): string {
  return source.locator + macAt(source, via, Math.floor(at.getTime() / stepMsOf(source, via)));
}

/** A typed code as it is shown: `K7QD-2M9X`. */
export function spellCode(code: string): string {
  return `${code.slice(0, locatorLength)}-${code.slice(locatorLength)}`.toUpperCase();
}

export interface ShownCode {
  /** What the QR code's address ends with. */
  code: string;
  /** What a person types instead. */
  typed: string;
  from: Date;
  until: Date;
}

/** The codes from now on that a projector may hold: none further ahead than a minute, none after closing. */
export function codesAhead(source: CodeSource, closesAt: Date, now: Date): ShownCode[] {
  const stepMs = stepMsOf(source, 'scan');
  const end = Math.min(now.getTime() + codesAheadMs, closesAt.getTime());
  const codes: ShownCode[] = [];
  if (now >= closesAt) return codes;
  for (let at = Math.floor(now.getTime() / stepMs) * stepMs; at < end; at += stepMs) {
    const from = new Date(at);
    codes.push({
      code: codeAt(source, 'scan', from),
      typed: spellCode(codeAt(source, 'typed', from)),
      from,
      until: new Date(Math.min(at + stepMs, closesAt.getTime())),
    });
  }
  return codes;
}

export type JudgedCode =
  { kind: 'fits'; ageMs: number } | { kind: 'too-old'; ageMs: number } | { kind: 'unknown' };

/** Equal or not, in a time that does not tell how much of it is equal. */
function equalSymbols(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Whether a code belongs to this window at an instant. It fits in its own step and in the one after it; a
 * scanned one in the step before too, for servers whose clocks differ. The age counts from the beginning of
 * the step in which the code was shown, and is never negative.
 */
export function judgeCode(source: CodeSource, code: ReadCode, at: Date): JudgedCode {
  if (code.locator !== source.locator) return { kind: 'unknown' };
  const stepMs = stepMsOf(source, code.via);
  const current = Math.floor(at.getTime() / stepMs);
  const newest = code.via === 'scan' ? current + 1 : current;
  const oldest = current - (code.via === 'scan' ? scanStepsBack : typedStepsBack);
  for (let step = newest; step >= oldest; step -= 1) {
    if (!equalSymbols(code.mac, macAt(source, code.via, step))) continue;
    const ageMs = Math.max(0, at.getTime() - step * stepMs);
    return { kind: step >= current - 1 ? 'fits' : 'too-old', ageMs };
  }
  return { kind: 'unknown' };
}

/** When codes of a window are taken. */
export interface WindowTimes {
  closesAt: Date;
  /** Closed by hand, or when the next one was opened. */
  closedAt: Date | null;
}

/** Whether the window took codes at this instant: it may have been closed since. */
export function isWindowOpen(window: WindowTimes, at: Date): boolean {
  return at < window.closesAt && (window.closedAt === null || at < window.closedAt);
}

export interface ScannedMeeting extends TeachingTime {
  state: 'planned' | 'cancelled';
}

export type RefusedScan =
  | { kind: 'code-too-old'; ageSeconds: number }
  | { kind: 'code-unknown' }
  | { kind: 'closed' }
  | { kind: 'meeting-over' };

/** Whether a code, seen at an instant, may check anybody into this meeting. */
export function decideScan(
  target: { source: CodeSource; window: WindowTimes; meeting: ScannedMeeting },
  code: ReadCode,
  at: Date,
): { kind: 'taken'; codeAgeMs: number } | RefusedScan {
  // Asked first: who comes to a check-in that is over is not helped by "scan again", nor by "unknown" when the
  // code is too old to be recognised. The locator alone tells which check-in it was.
  const refusal = decideWindow(target, at);
  if (refusal !== undefined) return refusal;
  const judged = judgeCode(target.source, code, at);
  if (judged.kind === 'unknown') return { kind: 'code-unknown' };
  if (judged.kind === 'too-old') {
    return { kind: 'code-too-old', ageSeconds: Math.round(judged.ageMs / 1000) };
  }
  return { kind: 'taken', codeAgeMs: judged.ageMs };
}

function decideWindow(
  { window, meeting }: { window: WindowTimes; meeting: ScannedMeeting },
  at: Date,
): RefusedScan | undefined {
  if (at >= meeting.endsAt) return { kind: 'meeting-over' };
  if (meeting.state === 'cancelled' || !isWindowOpen(window, at)) return { kind: 'closed' };
  return undefined;
}

/** A scan or a typed code that waits for its person. */
export interface Attempt {
  ticketId: string;
  /** When the code was seen: this time counts, however long the sign-in took. */
  at: Date;
  via: Via;
  /** Judged already when it was seen, or still to be judged. */
  code: { verified: true; ageMs: number } | { verified: false; read: ReadCode };
  /** The browser that saw the code is the one that confirms. */
  sameBrowser: boolean;
}

/** What the database knows about an attempt. */
export interface AttemptSnapshot {
  courseId: string;
  source: CodeSource;
  window: WindowTimes;
  meeting: ScannedMeeting;
  /** The asking person's place in the course; none: never a member. */
  member: { id: string; role: Role; isTestUser: boolean; isEnrolled: boolean } | undefined;
  record: { source: 'check-in' | 'teacher'; status: Status; provenMinutes: number } | undefined;
  /** The first arrival that evidence shows so far. */
  arrivedAt: Date | undefined;
  policy: JudgingPolicy;
  /** What this very ticket did before. */
  earlier: { membershipId: string } | undefined;
  /** Wrong typed codes of this member, counted from `guessesSince`. */
  wrongGuesses: number;
  /** This browser is remembered as somebody else's phone. */
  deviceOfOther: boolean;
}

export type Flag = 'other-browser' | 'other-persons-device';

export type CheckInDecision =
  | RefusedScan
  | {
      kind:
        | 'not-a-member'
        | 'not-a-student'
        | 'test-user'
        | 'ticket-expired'
        | 'ticket-used'
        | 'too-many-attempts';
    }
  /** A typed code that is wrong: noted against guessing, then refused for the reason told. */
  | { kind: 'wrong-guess'; refusal: RefusedScan }
  | { kind: 'check-in'; attendance: Attendance; codeAgeMs: number; flags: Flag[] }
  /** Evidence only: the record stays as it is. */
  | { kind: 'already' | 'noted'; codeAgeMs: number; flags: Flag[] }
  /** This ticket was confirmed before by the same person: the same success again. */
  | { kind: 'repeated'; record: 'already' | 'noted' };

/** Since when wrong guesses count against a person. */
export function guessesSince(now: Date): Date {
  return new Date(now.getTime() - guessesWithinMs);
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
 * time of confirmation only about the ticket. A teacher's entry is never replaced; of two check-ins the one
 * that proves more stays.
 */
export function decideCheckIn(snapshot: AttemptSnapshot, attempt: Attempt, now: Date): CheckInDecision {
  const { member, meeting, record } = snapshot;
  if (member?.isEnrolled !== true) return { kind: 'not-a-member' };
  if (member.isTestUser) return { kind: 'test-user' };
  if (member.role !== 'student') return { kind: 'not-a-student' };
  if (snapshot.earlier !== undefined) {
    // Before the ticket's age is asked: who reloads the page later sees the same success.
    if (snapshot.earlier.membershipId !== member.id) return { kind: 'ticket-used' };
    return { kind: 'repeated', record: record?.source === 'teacher' ? 'noted' : 'already' };
  }
  if (isTicketOver(attempt.at, now)) return { kind: 'ticket-expired' };
  if (attempt.via === 'typed' && isGuessing(snapshot.wrongGuesses)) return { kind: 'too-many-attempts' };

  let codeAgeMs: number;
  if (attempt.code.verified) {
    const refusal = decideWindow(snapshot, attempt.at);
    if (refusal !== undefined) return refusal;
    codeAgeMs = attempt.code.ageMs;
  } else {
    const scan = decideScan(snapshot, attempt.code.read, attempt.at);
    if (scan.kind !== 'taken') {
      // A typed code that was right a while ago counts too: else old codes could be searched for freely.
      const isGuess = scan.kind === 'code-unknown' || scan.kind === 'code-too-old';
      return attempt.via === 'typed' && isGuess ? { kind: 'wrong-guess', refusal: scan } : scan;
    }
    ({ codeAgeMs } = scan);
  }

  const flags: Flag[] = [];
  if (!attempt.sameBrowser) flags.push('other-browser');
  if (snapshot.deviceOfOther) flags.push('other-persons-device');

  const attendance = computeAttendance(meeting, [{ from: attempt.at, to: null }], snapshot.policy);
  if (record?.source === 'teacher') return { kind: 'noted', codeAgeMs, flags };
  if (record !== undefined && !isBetter(attendance, attempt.at, record, snapshot.arrivedAt)) {
    return { kind: 'already', codeAgeMs, flags };
  }
  return { kind: 'check-in', attendance, codeAgeMs, flags };
}

/**
 * Whether a check-in says more for its member than what stands there. While a check-out is still to come no minute is
 * proven, and the earlier arrival says more.
 */
function isBetter(
  attendance: Attendance,
  at: Date,
  record: { status: Status; provenMinutes: number },
  arrivedAt: Date | undefined,
): boolean {
  return (
    attendance.provenMinutes > record.provenMinutes ||
    (record.status === 'absent' && attendance.status !== 'absent') ||
    (attendance.isOpen && (arrivedAt === undefined || at < arrivedAt))
  );
}

/**
 * The network that a request came from, as its /24 or /48 prefix: enough to see who sat in the same room,
 * too little to find a person. The balancer nearest to us writes the last entry of X-Forwarded-For.
 */
export function networkPrefix(forwardedFor: string | null): string | null {
  const address = forwardedFor
    ?.split(',')
    .at(-1)
    ?.trim()
    .replace(/^\[|\](:\d+)?$/g, '')
    .toLowerCase();
  if (address === undefined) return null;
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?::\d+)?$/.exec(address)?.[1];
  if (v4 !== undefined) return `${v4}.0/24`;
  if (!/^[0-9a-f:]+$/.test(address) || !address.includes(':')) return null;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const full = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  if (full.length !== 8) return null;
  const prefix = full.slice(0, 3).map((group) => Number.parseInt(group, 16).toString(16));
  return `${prefix.join(':')}::/48`;
}
