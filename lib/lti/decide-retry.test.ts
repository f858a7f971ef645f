import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeRetryWait, computeSlowDown, decideRetry, readRetryAfter } from './decide-retry.ts';

const now = new Date('2026-11-28T08:00:00Z');

const answered = (status: number, headers: Record<string, string> = {}, body = '') => ({
  kind: 'answered' as const,
  answer: { status, headers, body },
});
const unanswered = (sent: boolean) => ({ kind: 'unanswered' as const, sent });

const final = { kind: 'final' };
const repeat = { kind: 'repeat', leastMs: 0, throttled: false };
const throttled = { ...repeat, throttled: true };

describe('what to do after an attempt', () => {
  const empty = { 'x-rate-limit-remaining': '0.0' };
  const left = { 'x-rate-limit-remaining': '512.5' };
  const in7s = { 'retry-after': '7' };
  test.each([
    // what came                                                   | harmless (GET)                  | a score
    ['200', answered(200), final, final],
    ['204', answered(204), final, final],
    ['a redirect', answered(302), final, final],
    ['400', answered(400), final, final],
    ['401', answered(401), final, final],
    ['403', answered(403, left, 'not yours'), final, final],
    ['404', answered(404), final, final],
    ['408', answered(408), final, final],
    ['409', answered(409), final, final],
    ['422, with Retry-After', answered(422, in7s), final, final],
    [
      '403, throttled by its body',
      answered(403, {}, '403 Forbidden (Rate Limit Exceeded)\n'),
      throttled,
      throttled,
    ],
    ['403, throttled by its header', answered(403, empty), throttled, throttled],
    [
      '403, throttled, 7 s',
      answered(403, { ...empty, ...in7s }),
      { ...throttled, leastMs: 7_000 },
      { ...throttled, leastMs: 7_000 },
    ],
    ['403, 7 s, but not throttled', answered(403, in7s), final, final],
    ['429', answered(429), throttled, throttled],
    ['429, 7 s', answered(429, in7s), { ...throttled, leastMs: 7_000 }, { ...throttled, leastMs: 7_000 }],
    ['500', answered(500), repeat, final],
    ['501', answered(501), final, final],
    ['502', answered(502), repeat, final],
    ['503', answered(503), repeat, final],
    ['503, 7 s', answered(503, in7s), { ...repeat, leastMs: 7_000 }, { ...repeat, leastMs: 7_000 }],
    ['504', answered(504), repeat, final],
    ['504, 7 s', answered(504, in7s), { ...repeat, leastMs: 7_000 }, final],
    ['no answer, perhaps arrived', unanswered(true), repeat, final],
    ['no connection', unanswered(false), repeat, repeat],
  ])('%s', (_what, attempt, whenHarmless, whenNot) => {
    expect(decideRetry(attempt, { harmless: true, now })).toEqual(whenHarmless);
    expect(decideRetry(attempt, { harmless: false, now })).toEqual(whenNot);
  });
});

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Sat, 28 Nov 2026 08:01:30 GMT', 90_000],
    ['Saturday, 28-Nov-26 08:00:10 GMT', 10_000],
    ['Sat, 28 Nov 2026 07:00:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2027', 2_027_000],
    ['Sat, no date GMT', undefined],
  ])('%s', (header, ms) => {
    expect(readRetryAfter(header, now)).toBe(ms);
  });
});

describe('slowing down', () => {
  test.each([
    ['600.0', 0],
    ['100', 0],
    ['90.0', 1_000],
    ['0.0', 10_000],
    ['-40', 10_000],
    ['plenty', 0],
    [undefined, 0],
  ])('with %s left', (header, ms) => {
    const headers = { 'x-rate-limit-remaining': header };
    expect(computeSlowDown({ status: 200, headers, body: '' })).toBe(ms);
  });
});

describe('the wait before the next attempt', () => {
  const attempt = fc.integer({ min: 1, max: 40 });
  const least = fc.integer({ min: 0, max: 3_600_000 });
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('is never less than the platform asks for, and never a whole window more', () => {
    fc.assert(
      fc.property(attempt, least, random, (n, ms, luck) => {
        const wait = computeRetryWait(n, ms, luck);
        expect(wait).toBeGreaterThanOrEqual(ms);
        expect(wait - ms).toBeLessThan(Math.min(16_000, 1_000 * 2 ** (n - 1)));
      }),
    );
  });

  test('uses the whole window, which grows from attempt to attempt', () => {
    fc.assert(
      fc.property(attempt, random, (n, luck) => {
        expect(computeRetryWait(n, 0, 0)).toBe(0);
        expect(computeRetryWait(n + 1, 0, luck)).toBeGreaterThanOrEqual(computeRetryWait(n, 0, luck));
      }),
    );
    expect([1, 2, 3, 4, 5, 6].map((n) => computeRetryWait(n, 0, 0.5))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 8_000,
    ]);
  });
});
