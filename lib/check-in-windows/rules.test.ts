import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, minuteMs } from '../base/time.ts';
import type { Direction } from '../db/schema.ts';
import { isTooLateToOpen, phaseOf } from './phase.ts';
import {
  closingOf,
  codeAt,
  codesAhead,
  isWindowOpen,
  judgeCode,
  locatorOf,
  plannedTimes,
  readCode,
  spellCode,
  typedStepSeconds,
} from './rules.ts';
import type { CodeSource, WindowTimes } from './rules.ts';

const startsAt = new Date('2026-11-28T08:00:00Z');
const sourceOf = (seed: string): CodeSource => ({
  locator: locatorOf(createHash('sha256').update(seed).digest()),
  secret: createHash('sha512').update(seed).digest(),
  stepSeconds: 10,
});
const source = sourceOf('a window');
const times = { startsAt, endsAt: addMs(startsAt, 225 * minuteMs) };
const afterStart = (minutes: number) => addMs(startsAt, minutes * minuteMs);
const afterEnd = (minutes: number) => addMs(times.endsAt, minutes * minuteMs);
const rotations = [5, 10, 20, 30, 60];

function read(text: string) {
  const code = readCode(text);
  if (code === undefined) throw new Error(`no code: ${text}`);
  return code;
}

describe('readCode', () => {
  test.each<[string, string | undefined]>([
    ['k7qd2m9x', 'k7qd2m9x'],
    ['K7QD-2M9X', 'k7qd2m9x'],
    [' k7qd 2m9x ', 'k7qd2m9x'],
    ['K7QD–2M9X', 'k7qd2m9x'],
    ['Ｋ７ＱＤ２Ｍ９Ｘ', 'k7qd2m9x'],
    ['oOiIlL00', '00111100'],
    ['Code\u00a0pasted', undefined],
    ['\u200bk7qd\u20112m9x\r\n', 'k7qd2m9x'],
    ['k7qd \u2212 2m9x\u2060', 'k7qd2m9x'],
    ['kÖqd2m9x', undefined],
    ['k7qd2m9', undefined],
    ['k7qd2m9xy', undefined],
    ['k7qd2m9u', undefined],
    ['k7qd2m9!', undefined],
    ['', undefined],
    ['k7qd0123456789abc', 'k7qd0123456789abc'],
    ['../../../etc/pass', undefined],
  ])('%j', (given, text) => {
    expect(readCode(given)?.text).toBe(text);
  });

  test('what is shown is read, whichever way it is written', () => {
    fc.assert(
      fc.property(fc.string(), fc.date({ noInvalidDate: true, min: startsAt }), (seed, at) => {
        const of = sourceOf(seed);
        const typed = codeAt(of, 'typed', at);
        expect(readCode(spellCode(typed))).toMatchObject({ via: 'typed', text: typed });
        const scanned = codeAt(of, 'scan', at);
        expect(readCode(scanned)).toMatchObject({ via: 'scan', text: scanned, locator: of.locator });
      }),
    );
  });
});

describe('judgeCode', () => {
  /** Milliseconds around a moment, up to a day each way; half of them where a code fits or is still recognised. */
  const offsets = fc.oneof(
    fc.integer({ min: -86_400_000, max: 86_400_000 }),
    fc.integer({ min: -30 * minuteMs, max: 30 * minuteMs }),
  );
  /** A code that is too old is recognised for so long. */
  const recognisedMinutes = 20;

  test('a scanned code fits in its own and the neighbouring steps, in no other', () => {
    fc.assert(
      fc.property(fc.string(), offsets, (seed, offset) => {
        const of = sourceOf(seed);
        const seenAt = addMs(startsAt, offset);
        const steps = Math.floor(seenAt.getTime() / 10_000) - Math.floor(startsAt.getTime() / 10_000);
        const judged = judgeCode(of, read(codeAt(of, 'scan', startsAt)), seenAt);
        expect(judged.kind).toBe(
          Math.abs(steps) <= 1 ? 'fits' : steps > 1 && steps <= recognisedMinutes * 6 ? 'too-old' : 'unknown',
        );
      }),
    );
  });

  test('a typed code fits in its own step and the next, and ten seconds earlier', () => {
    fc.assert(
      fc.property(fc.string(), offsets, (seed, offset) => {
        const of = sourceOf(seed);
        const seenAt = addMs(startsAt, offset);
        const stepMs = typedStepSeconds * 1000;
        const steps = Math.floor(seenAt.getTime() / stepMs) - Math.floor(startsAt.getTime() / stepMs);
        const isSoon = seenAt < startsAt && seenAt >= addMs(startsAt, -10_000);
        const judged = judgeCode(of, read(codeAt(of, 'typed', startsAt)), seenAt);
        // 20 bits can meet by chance: so the seed is one for which they do not.
        expect(judged.kind).toBe(
          isSoon || (steps >= 0 && steps <= 1)
            ? 'fits'
            : steps > 1 && steps <= recognisedMinutes
              ? 'too-old'
              : 'unknown',
        );
      }),
      { seed: 7 },
    );
  });

  test.each(rotations)(
    'every %s s: what a server shows fits at one whose clock is a step off',
    (stepSeconds) => {
      const of = { ...source, stepSeconds };
      const stepMs = stepSeconds * 1000;
      fc.assert(
        fc.property(fc.nat(600_000), fc.integer({ min: -stepMs, max: stepMs }), (offset, skew) => {
          const shownAt = addMs(startsAt, offset);
          for (const via of ['scan', 'typed'] as const) {
            expect(judgeCode(of, read(codeAt(of, via, shownAt)), addMs(shownAt, skew)).kind).toBe('fits');
          }
        }),
      );
    },
  );

  test('a code of another window never fits', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        fc.pre(one !== two);
        const other = { ...sourceOf(two), locator: sourceOf(one).locator };
        expect(judgeCode(other, read(codeAt(sourceOf(one), 'scan', startsAt)), startsAt).kind).toBe(
          'unknown',
        );
      }),
    );
  });

  test('changing any one symbol makes it unknown', () => {
    const code = codeAt(source, 'scan', startsAt);
    for (let index = 0; index < code.length; index += 1) {
      const changed = code.slice(0, index) + (code[index] === '0' ? '1' : '0') + code.slice(index + 1);
      expect(judgeCode(source, read(changed), startsAt).kind).toBe('unknown');
    }
  });

  test('the age counts from the beginning of the step, and is not negative for a clock that is behind', () => {
    const code = read(codeAt(source, 'scan', startsAt));
    expect(judgeCode(source, code, addMs(startsAt, -4_000))).toEqual({ kind: 'fits', ageMs: 0 });
    expect(judgeCode(source, code, addMs(startsAt, 12_345))).toEqual({ kind: 'fits', ageMs: 12_345 });
    expect(judgeCode(source, code, addMs(startsAt, 40_000))).toEqual({ kind: 'too-old', ageMs: 40_000 });
  });

  test('a typed code is not the beginning of a scanned one, so that seeing one tells nothing of the other', () => {
    const scanned = codeAt(source, 'scan', startsAt);
    expect(scanned.slice(0, 8)).not.toBe(codeAt(source, 'typed', startsAt));
  });
});

describe('codesAhead', () => {
  const windowOf = (opensAt: Date, closesAt: Date) => ({ opensAt, closesAt, closedAt: null });

  test.each(rotations)('every %s s: the next minute without a gap and no more', (stepSeconds) => {
    const of = { ...source, stepSeconds };
    fc.assert(
      fc.property(
        fc.nat(600_000),
        fc.nat(200_000),
        fc.integer({ min: -100_000, max: 100_000 }),
        (...given) => {
          const [offset, open, ahead] = given;
          const now = addMs(startsAt, offset);
          const opensAt = addMs(now, ahead);
          const window = windowOf(opensAt, addMs(opensAt, open));
          const codes = codesAhead(of, window, now);
          const [first, last] = [codes[0], codes.at(-1)];
          const begin = opensAt > now ? opensAt : now;
          if (first === undefined || last === undefined) {
            expect(begin >= window.closesAt || ahead >= minuteMs).toBe(true);
            return;
          }
          expect(first.from.getTime()).toBeLessThanOrEqual(begin.getTime());
          expect(first.from.getTime()).toBeGreaterThanOrEqual(opensAt.getTime());
          expect(first.until.getTime()).toBeGreaterThan(begin.getTime());
          expect(last.from.getTime()).toBeLessThan(now.getTime() + minuteMs);
          expect(last.until.getTime()).toBeGreaterThanOrEqual(
            Math.min(now.getTime() + minuteMs, window.closesAt.getTime()),
          );
          expect(last.until.getTime()).toBeLessThanOrEqual(window.closesAt.getTime());
          codes.forEach((code, index) => {
            const next = codes[index + 1];
            if (next !== undefined) expect(next.from).toEqual(code.until);
            // Shown is accepted: at the first and at the last moment at which it is on the wall.
            for (const at of [code.from, addMs(code.until, -1)]) {
              expect(judgeCode(of, read(code.code), at).kind).toBe('fits');
              expect(judgeCode(of, read(code.typed), at).kind).toBe('fits');
            }
          });
        },
      ),
    );
  });

  test('closed by hand it shows none; what stays the same is one code from opening to closing', () => {
    const window = windowOf(startsAt, afterStart(15));
    expect(codesAhead(source, { ...window, closedAt: afterStart(5) }, afterStart(5))).toEqual([]);
    const fixed = { ...source, stepSeconds: null };
    const [code, ...more] = codesAhead(fixed, window, afterStart(3));
    expect(more).toEqual([]);
    expect(code).toMatchObject({ from: startsAt, until: afterStart(15) });
    for (const at of [startsAt, afterStart(14)]) {
      expect(judgeCode(fixed, read(code?.code ?? ''), at)).toEqual({ kind: 'fits', ageMs: null });
      expect(judgeCode(fixed, read(code?.typed ?? ''), at)).toEqual({ kind: 'fits', ageMs: null });
    }
    // Nor do codes of a rotating window with the same secret fit.
    expect(judgeCode(fixed, read(codeAt(source, 'scan', startsAt)), startsAt).kind).toBe('unknown');
  });
});

test('a typed code changes more slowly than the scanned one, whatever its pace', () => {
  for (const stepSeconds of rotations) {
    const of = { ...source, stepSeconds };
    const changes = (via: 'scan' | 'typed') =>
      new Set(Array.from({ length: 600 }, (_, second) => codeAt(of, via, addMs(startsAt, second * 1000))))
        .size;
    expect(changes('typed')).toBeLessThan(changes('scan'));
  }
});

test('with more time a code is taken that much longer', () => {
  const code = read(codeAt(source, 'scan', startsAt));
  const judged = (seconds: number) =>
    judgeCode(source, code, addMs(startsAt, seconds * 1000), 5 * minuteMs).kind;
  expect([19, 319, 320].map(judged)).toEqual(['fits', 'fits', 'too-old']);
});

test('codes spread over all symbols', () => {
  const seen = new Set<string>();
  for (let step = 0; step < 200; step += 1) {
    for (const symbol of codeAt(source, 'scan', addMs(startsAt, step * 10_000)).slice(4)) seen.add(symbol);
  }
  expect([...seen].sort().join('')).toBe('0123456789abcdefghjkmnpqrstvwxyz');
});

describe('isWindowOpen', () => {
  const window = { opensAt: startsAt, closesAt: afterStart(15), closedAt: null };

  test.each<[string, Partial<WindowTimes>, Date, number, boolean]>([
    ['the moment before it opens', {}, addMs(startsAt, -1), 0, false],
    ['as it opens', {}, startsAt, 0, true],
    ['the moment before it closes', {}, addMs(afterStart(15), -1), 0, true],
    ['as it closes', {}, afterStart(15), 0, false],
    ['closed by hand, before that', { closedAt: afterStart(5) }, addMs(afterStart(5), -1), 0, true],
    ['closed by hand', { closedAt: afterStart(5) }, afterStart(5), 0, false],
    ['closed long after its time', { closedAt: afterStart(60) }, afterStart(15), 0, false],
    ['taken back before it opened', { closedAt: afterStart(-5) }, startsAt, 0, false],
    ['taken back, with more time', { closedAt: afterStart(-5) }, startsAt, 10 * minuteMs, false],
    ['with more time', {}, afterStart(19), 5 * minuteMs, true],
    ['with more time, all used', {}, afterStart(20), 5 * minuteMs, false],
    ['with more time, not earlier', {}, afterStart(-1), 5 * minuteMs, false],
  ])('%s', (_what, changed, at, extraMs, isOpen) => {
    expect(isWindowOpen({ ...window, ...changed }, at, extraMs)).toBe(isOpen);
  });
});

describe('opening', () => {
  test.each<[string, Direction, Date, Date | 'too-late']>([
    ['a check-in before the start closes after the start', 'in', afterStart(-30), afterStart(15)],
    ['at the start', 'in', startsAt, afterStart(15)],
    ['later: as long from then on', 'in', afterStart(40), afterStart(55)],
    ['until the end', 'in', addMs(times.endsAt, -1), addMs(afterEnd(15), -1)],
    ['not at the end', 'in', times.endsAt, 'too-late'],
    ['a check-out before the end closes after the end', 'out', afterEnd(-30), afterEnd(15)],
    ['a check-out after the end', 'out', afterEnd(20), afterEnd(35)],
    ['the last moment for it', 'out', addMs(afterEnd(60), -1), addMs(afterEnd(75), -1)],
    ['an hour after the end', 'out', afterEnd(60), 'too-late'],
  ])('%s', (_what, direction, now, expected) => {
    const isTooLate = isTooLateToOpen(direction, times, now);
    expect(isTooLate ? 'too-late' : closingOf(direction, times, now, 15)).toEqual(expected);
  });
});

test('a planned window lies around the start, or the end, and its phases follow the clock', () => {
  const minutes = { beforeMinutes: 15, afterMinutes: 10 };
  const planned = plannedTimes('in', times, minutes);
  expect(planned).toEqual({ opensAt: afterStart(-15), closesAt: afterStart(10) });
  expect(plannedTimes('out', times, minutes)).toEqual({ opensAt: afterEnd(-15), closesAt: afterEnd(10) });
  expect([-16, -15, 9, 10].map((minute) => phaseOf(planned, afterStart(minute)))).toEqual([
    'planned',
    'open',
    'open',
    'over',
  ]);
});
