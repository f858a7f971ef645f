import { addMs } from '../base/time.ts';

const dayMs = 24 * 3600 * 1000;

/** How long a phone is remembered where no term says it: a term, with some weeks to spare. */
const usualMs = 180 * dayMs;
/** A term that ends later than this is none (browsers keep no cookie longer, either). */
const longestMs = 400 * dayMs;
/** A key that is older than this is followed by the next one. */
const keyMs = 7 * dayMs;
/** No phone is remembered for longer than it takes to go through so many. */
export const mostKeysOfPhone = Math.ceil(longestMs / keyMs) + 1;

/** Whether a term that ends then says how long a phone is remembered. */
function isTermEnd(endsAt: Date, now: Date): boolean {
  return endsAt > now && endsAt <= addMs(now, longestMs);
}

/**
 * Until when a phone that is remembered now stays its person's: until the last of their terms ends.
 *
 * @param termEnds of the courses that they are enrolled in, as platforms tell them: also past ones, and "never"
 */
export function decideExpiry(termEnds: readonly Date[], now: Date): Date {
  const ends = termEnds.filter((end) => isTermEnd(end, now)).map((end) => end.getTime());
  return ends.length === 0 ? addMs(now, usualMs) : new Date(Math.max(...ends));
}

/** A remembered phone's key, as the phone has just shown it. */
export interface ShownKey {
  /** It is the one that was given out to follow the present one: the phone has it, so the present one can end. */
  isNextKey: boolean;
  /** When the present key was given out. */
  renewedAt: Date;
  expiresAt: Date;
}

/** Whether the phone's row has to be changed: a new key has arrived there, or one is due. */
export function isRenewalDue({ isNextKey, renewedAt }: Omit<ShownKey, 'expiresAt'>, now: Date): boolean {
  return isNextKey || renewedAt < keyDueBefore(now);
}

/** Keys that were given out before then are due. */
export function keyDueBefore(now: Date): Date {
  return addMs(now, -keyMs);
}

/** How long a browser keeps the cookie with a phone's key, in whole seconds. */
export function cookieSeconds(expiresAt: Date, now: Date): number {
  return Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000));
}

/** What a browser says of itself: the headers User-Agent and Sec-CH-UA-Mobile. */
export interface BrowserHints {
  userAgent: string | null;
  mobile: string | null;
}

/**
 * Whether a browser says that it runs on a phone or a tablet. What does not say so is taken for a computer, which may
 * be anybody's (also an iPad that asks for desktop pages: its headers are those of a Mac).
 */
export function isHandheld({ userAgent, mobile }: BrowserHints): boolean {
  return mobile === '?1' || /\b(?:Android|iPhone|iPad|iPod|Mobile)\b/.test(userAgent ?? '');
}

/** The first that fits names it; most browsers claim to be others as well. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|OPT|OPX)\//, 'Opera'],
  [/\bDuckDuckGo\/|\bDdg\//, 'DuckDuckGo'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
];
const handhelds = ['iPhone', 'iPad', 'iPod', 'Android'] as const;

/**
 * What its owner will know a phone by: "iPhone, Safari". Only words of ours, whatever a browser calls itself.
 *
 * @returns null where nothing of it is known
 */
export function nameDevice(userAgent: string | null): string | null {
  const text = userAgent ?? '';
  const kind = handhelds.find((one) => new RegExp(`\\b${one}\\b`).test(text));
  const browser = browsers.find(([sign]) => sign.test(text))?.[1];
  const parts = [kind, browser].filter((part) => part !== undefined);
  return parts.length === 0 ? null : parts.join(', ');
}
