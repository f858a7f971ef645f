import { createHmac, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { addMs, minuteMs } from '../base/time.ts';
import type { Direction } from '../db/schema.ts';

/** Crockford's base32: no I, L, O and U, so that nothing is misread from the last row. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

const onlySymbols = new RegExp(`^[${alphabet}]*$`);

const locatorLength = 4;
/** 65 bits: a scanned code is not guessed. */
const scanMacLength = 13;
/** 20 bits, short enough to type; guesses are counted (the numbers stand in the test of `decideCheckIn`). */
const typedMacLength = 4;

/** Typed codes change every minute, and never as often as scanned ones. */
export const typedStepSeconds = 60;

/** How far back a code that is too old is recognised, so that its age can be told. */
const recognisedMs = 20 * minuteMs;

/** How far ahead of now the projector may hold codes. */
const codesAheadMs = minuteMs;

export type Via = 'scan' | 'typed';

/** A code taken apart. `text` is its one spelling, which may stand in an address. */
export interface ReadCode {
  via: Via;
  locator: string;
  mac: string;
  text: string;
}

/**
 * Reads what a phone scanned or a person typed: case, spaces (also those that nobody sees) and dashes do not matter, O is
 * read as 0, I and L as 1. Undefined when it cannot be one of our codes.
 */
export function readCode(given: string): ReadCode | undefined {
  const text = given
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Cf}\p{Pd}\u2212_.]/gu, '')
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
  secret: Buffer | KeyObject;
  /** How long a scanned code is shown. Null: one code for all of the window, for printed sheets. */
  stepSeconds: number | null;
}

/** How long one code is shown, in milliseconds; null: for all of the window. */
function stepMsOf({ stepSeconds }: CodeSource, via: Via): number | null {
  if (stepSeconds === null) return null;
  return (via === 'scan' ? stepSeconds : Math.max(typedStepSeconds, 2 * stepSeconds)) * 1000;
}

function macAt(source: CodeSource, via: Via, step: number | 'static'): string {
  const digest = createHmac('sha256', source.secret)
    .update(`${via}\0${String(step)}`)
    .digest();
  return symbolsOf(digest, via === 'scan' ? scanMacLength : typedMacLength);
}

/** The code that is shown at an instant. */
export function codeAt(source: CodeSource, via: Via, at: Date): string {
  const stepMs = stepMsOf(source, via);
  const step = stepMs === null ? 'static' : Math.floor(at.getTime() / stepMs);
  return source.locator + macAt(source, via, step);
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

/**
 * The codes that a projector may hold: none that begins further ahead than a minute, none after closing. Those of a
 * window that is about to open begin with it.
 */
export function codesAhead(source: CodeSource, window: WindowTimes, now: Date): ShownCode[] {
  if (window.closedAt !== null && window.closedAt <= now) return [];
  const begin = Math.max(now.getTime(), window.opensAt.getTime());
  const end = Math.min(now.getTime() + codesAheadMs, window.closesAt.getTime());
  if (begin >= end) return [];
  const shownAt = (from: Date, until: Date): ShownCode => ({
    code: codeAt(source, 'scan', from),
    typed: spellCode(codeAt(source, 'typed', from)),
    from,
    until: until < window.closesAt ? until : window.closesAt,
  });
  const stepMs = stepMsOf(source, 'scan');
  if (stepMs === null) return [shownAt(window.opensAt, window.closesAt)];
  const codes: ShownCode[] = [];
  for (let at = Math.floor(begin / stepMs) * stepMs; at < end; at += stepMs) {
    codes.push(shownAt(new Date(Math.max(at, window.opensAt.getTime())), new Date(at + stepMs)));
  }
  return codes;
}

/** `ageMs`: since the code was first shown; null where one code stands all the time. */
export type JudgedCode =
  { kind: 'fits'; ageMs: number | null } | { kind: 'too-old'; ageMs: number } | { kind: 'unknown' };

/** Equal or not, in a time that does not tell how much of it is equal. */
function equalSymbols(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Whether a code belongs to this window at an instant. It fits in its own step and in the one after it, and as much
 * longer as its person has been given; and by one step of the scanned codes earlier, for servers whose clocks differ.
 * The age counts from the beginning of the step in which the code was shown, and is never negative.
 *
 * @param extraMs more time, for somebody who needs it
 */
export function judgeCode(source: CodeSource, code: ReadCode, at: Date, extraMs = 0): JudgedCode {
  if (code.locator !== source.locator) return { kind: 'unknown' };
  const stepMs = stepMsOf(source, code.via);
  const clocksDifferMs = stepMsOf(source, 'scan');
  if (stepMs === null || clocksDifferMs === null) {
    return equalSymbols(code.mac, macAt(source, code.via, 'static'))
      ? { kind: 'fits', ageMs: null }
      : { kind: 'unknown' };
  }
  const current = Math.floor(at.getTime() / stepMs);
  const newest = Math.floor((at.getTime() + clocksDifferMs) / stepMs);
  const oldest = current - Math.ceil((recognisedMs + extraMs) / stepMs);
  for (let step = newest; step >= oldest; step -= 1) {
    if (!equalSymbols(code.mac, macAt(source, code.via, step))) continue;
    const ageMs = Math.max(0, at.getTime() - step * stepMs);
    return { kind: ageMs < 2 * stepMs + extraMs ? 'fits' : 'too-old', ageMs };
  }
  return { kind: 'unknown' };
}

/** When codes of a window are taken. */
export interface WindowTimes {
  opensAt: Date;
  closesAt: Date;
  /** Closed by hand, or when the next one was opened. */
  closedAt: Date | null;
}

/**
 * Whether the window took codes at this instant: it may have been closed since.
 *
 * @param extraMs so much longer it takes them, from somebody who needs more time
 */
export function isWindowOpen({ opensAt, closesAt, closedAt }: WindowTimes, at: Date, extraMs = 0): boolean {
  const end = closedAt !== null && closedAt < closesAt ? closedAt : closesAt;
  // Taken back before it opened, it never did, whoever has more time.
  return end > opensAt && at >= opensAt && at < addMs(end, extraMs);
}

/** Which window it is, and when it takes codes. */
export interface Window extends WindowTimes {
  direction: Direction;
}

/** When a meeting takes place. */
export interface MeetingTimes {
  startsAt: Date;
  endsAt: Date;
}

/** What a window is bound to: coming to the meeting's start, going to its end. */
function anchorOf(direction: Direction, { startsAt, endsAt }: MeetingTimes): Date {
  return direction === 'in' ? startsAt : endsAt;
}

/** When a window closes that is opened now: so many minutes from now, and never earlier than so many after its moment. */
export function closingOf(
  direction: Direction,
  meeting: MeetingTimes,
  now: Date,
  validityMinutes: number,
): Date {
  const anchor = anchorOf(direction, meeting);
  return addMs(now > anchor ? now : anchor, validityMinutes * minuteMs);
}

/** When a window that is bound to its meeting opens and closes: so many minutes around its start, or its end. */
export function plannedTimes(
  direction: Direction,
  meeting: MeetingTimes,
  { beforeMinutes, afterMinutes }: { beforeMinutes: number; afterMinutes: number },
): { opensAt: Date; closesAt: Date } {
  const anchor = anchorOf(direction, meeting);
  return {
    opensAt: addMs(anchor, -beforeMinutes * minuteMs),
    closesAt: addMs(anchor, afterMinutes * minuteMs),
  };
}
