import type { OutsideAnswer } from '../base/outside-fetch.ts';

/** What became of one attempt. `sent` false: nothing can have arrived. */
export type Attempt = { kind: 'answered'; answer: OutsideAnswer } | { kind: 'unanswered'; sent: boolean };

/** `leastMs`: how long the platform asks to be left alone; 0 where it does not say. */
export type RetryDecision = { kind: 'final' } | { kind: 'repeat'; leastMs: number; throttled: boolean };

const firstWindowMs = 1_000;
const longestWindowMs = 16_000;
/** Canvas' bucket: what is left of 600 before calls are refused, filled again by 10 a second. */
const roomToKeep = 100;
const roomPerSecond = 10;

/**
 * Whether a call to a platform's service is made again. What was refused for being too much (429, Canvas'
 * throttled 403) was not carried out, so it always may be; so may what was never sent, and a 503 that says when
 * to come back. After any other failure of the server only what does no harm when done twice (RFC 9110 § 9.2.2).
 *
 * @param call.harmless carrying it out twice is as good as once: a GET, a request for a token
 */
export function decideRetry(attempt: Attempt, call: { harmless: boolean; now: Date }): RetryDecision {
  const repeatIf = (may: boolean, leastMs = 0, throttled = false): RetryDecision =>
    may ? { kind: 'repeat', leastMs, throttled } : { kind: 'final' };
  if (attempt.kind === 'unanswered') return repeatIf(call.harmless || !attempt.sent);
  const { answer } = attempt;
  const asked = readRetryAfter(headerOf(answer, 'retry-after'), call.now);
  switch (answer.status) {
    case 403:
    case 429:
      return repeatIf(isThrottled(answer), asked, true);
    case 503:
      return repeatIf(call.harmless || asked !== undefined, asked);
    case 500:
    case 502:
    case 504:
      return repeatIf(call.harmless, asked);
    default:
      return { kind: 'final' };
  }
}

/**
 * How long to wait before the next attempt, in milliseconds: never less than was asked for, and on top of it
 * anything up to a window that doubles from 1 s to 16 s ("full jitter"), so that callers do not come back together.
 *
 * @param attempt number of the attempt that failed, from 1
 * @param random from 0 up to, but not including, 1
 */
export function computeRetryWait(attempt: number, leastMs: number, random: number): number {
  return leastMs + Math.floor(random * Math.min(longestWindowMs, firstWindowMs * 2 ** (attempt - 1)));
}

/**
 * For how long to leave a platform alone after an answer that was not refused, in milliseconds: until
 * Canvas' bucket, whose rest stands in `X-Rate-Limit-Remaining`, has room again. 10 s at most.
 */
export function computeSlowDown(answer: OutsideAnswer): number {
  const left = Number.parseFloat(headerOf(answer, 'x-rate-limit-remaining') ?? '');
  return left < roomToKeep ? ((roomToKeep - Math.max(0, left)) / roomPerSecond) * 1000 : 0;
}

/**
 * `Retry-After` (RFC 9110 § 10.2.3), which is seconds or a date, as milliseconds from now.
 *
 * @returns undefined when there is none, or none that can be read; 0 for a date that is over
 */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]+, .*GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

/**
 * Whether an answer means "too much". Canvas says it with 403, as it refuses the forbidden: the body or the header
 * tells which.
 */
export function isThrottled(answer: OutsideAnswer): boolean {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  const left = headerOf(answer, 'x-rate-limit-remaining');
  return /rate limit exceeded/i.test(answer.body) || (left !== undefined && Number.parseFloat(left) < 1);
}

function headerOf(answer: OutsideAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
