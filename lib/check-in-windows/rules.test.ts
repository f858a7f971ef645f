import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../base/course-policy.ts';
import type { Status } from '../base/statuses.ts';
import { addMs, minuteMs } from '../base/time.ts';
import {
  codeAt,
  codesAhead,
  decideCheckIn,
  decideScan,
  isWindowOpen,
  judgeCode,
  locatorOf,
  networkPrefix,
  readCode,
  spellCode,
  typedStepSeconds,
} from './rules.ts';
import type { Attempt, AttemptSnapshot, CodeSource } from './rules.ts';

const startsAt = new Date('2026-11-28T08:00:00Z');
const sourceOf = (seed: string): CodeSource => ({
  locator: locatorOf(createHash('sha256').update(seed).digest()),
  secret: createHash('sha512').update(seed).digest(),
  stepSeconds: 10,
});
const source = sourceOf('a window');

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
  /** Milliseconds around a moment, up to a day each way. */
  const offsets = fc.integer({ min: -86_400_000, max: 86_400_000 });

  test('a scanned code fits in its own and the neighbouring steps, in no other', () => {
    fc.assert(
      fc.property(fc.string(), offsets, (seed, offset) => {
        const of = sourceOf(seed);
        const seenAt = addMs(startsAt, offset);
        const steps = Math.floor(seenAt.getTime() / 10_000) - Math.floor(startsAt.getTime() / 10_000);
        const judged = judgeCode(of, read(codeAt(of, 'scan', startsAt)), seenAt);
        expect(judged.kind).toBe(
          Math.abs(steps) <= 1 ? 'fits' : steps > 1 && steps <= 90 ? 'too-old' : 'unknown',
        );
      }),
    );
  });

  test('a typed code fits in its own step and the next, in no other', () => {
    fc.assert(
      fc.property(fc.string(), offsets, (seed, offset) => {
        const of = sourceOf(seed);
        const seenAt = addMs(startsAt, offset);
        const stepMs = typedStepSeconds * 1000;
        const steps = Math.floor(seenAt.getTime() / stepMs) - Math.floor(startsAt.getTime() / stepMs);
        const judged = judgeCode(of, read(codeAt(of, 'typed', startsAt)), seenAt);
        // 20 bits can meet by chance; the seeds of this test are too few for that to be likely, and a code
        // that fits twice would fit in a later step, never in a future one.
        if (steps < 0) expect(judged.kind).not.toBe('too-old');
        else expect(judged.kind).toBe(steps <= 1 ? 'fits' : steps <= 15 ? 'too-old' : 'unknown');
      }),
      { seed: 7 },
    );
  });

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
  test('covers the next minute without a gap and no more, and ends with the window', () => {
    fc.assert(
      fc.property(fc.nat(600_000), fc.nat(200_000), (offset, open) => {
        const now = addMs(startsAt, offset);
        const closesAt = addMs(now, open);
        const codes = codesAhead(source, closesAt, now);
        const [first, last] = [codes[0], codes.at(-1)];
        if (first === undefined || last === undefined) {
          expect(open).toBe(0);
          return;
        }
        expect(first.from.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(first.until.getTime()).toBeGreaterThan(now.getTime());
        expect(last.from.getTime()).toBeLessThan(now.getTime() + minuteMs);
        expect(last.until.getTime()).toBeLessThanOrEqual(closesAt.getTime());
        codes.forEach((code, index) => {
          const next = codes[index + 1];
          if (next !== undefined) expect(next.from).toEqual(code.until);
          // Shown is accepted: at the first and at the last moment at which it is on the wall.
          for (const at of [code.from, addMs(code.until, -1)]) {
            expect(judgeCode(source, read(code.code), at).kind).toBe('fits');
            expect(judgeCode(source, read(code.typed), at).kind).toBe('fits');
          }
        });
      }),
    );
  });
});

test('guessing is hopeless: the numbers', () => {
  // A typed code has 20 bits, two steps fit, and a person has 11 guesses in 10 minutes.
  const symbols = codeAt(source, 'typed', startsAt).length - source.locator.length;
  const oneGuess = 2 / 32 ** symbols;
  expect(11 * oneGuess).toBeLessThan(1 / 40_000);
  // A scanned code has 65 bits: not even uncounted guesses help.
  const scanned = codeAt(source, 'scan', startsAt).length - source.locator.length;
  expect(3 / 32 ** scanned).toBeLessThan(1e-18);
});

test('codes spread over all symbols', () => {
  const seen = new Set<string>();
  for (let step = 0; step < 200; step += 1) {
    for (const symbol of codeAt(source, 'scan', addMs(startsAt, step * 10_000)).slice(4)) seen.add(symbol);
  }
  expect([...seen].sort().join('')).toBe('0123456789abcdefghjkmnpqrstvwxyz');
});

const meeting = {
  startsAt,
  endsAt: addMs(startsAt, 225 * minuteMs),
  breakMinutes: 15,
  breaks: [],
  state: 'planned' as const,
};
const window = { closesAt: addMs(startsAt, 15 * minuteMs), closedAt: null };

describe('decideScan', () => {
  const after = (ms: number) => addMs(startsAt, ms);
  const code = (at: Date) => read(codeAt(source, 'scan', at));

  test.each<[string, Parameters<typeof decideScan>, string]>([
    ['in time', [{ source, window, meeting }, code(startsAt), startsAt], 'taken'],
    ['too old', [{ source, window, meeting }, code(startsAt), after(40_000)], 'code-too-old'],
    [
      'at the moment of closing',
      [{ source, window, meeting }, code(window.closesAt), window.closesAt],
      'closed',
    ],
    [
      'closed by hand a moment before',
      [{ source, window: { ...window, closedAt: after(1000) }, meeting }, code(startsAt), after(1000)],
      'closed',
    ],
    [
      'a moment before it was closed by hand',
      [{ source, window: { ...window, closedAt: after(1000) }, meeting }, code(startsAt), after(999)],
      'taken',
    ],
    [
      'cancelled',
      [{ source, window, meeting: { ...meeting, state: 'cancelled' } }, code(startsAt), startsAt],
      'closed',
    ],
    [
      'over',
      [{ source, window, meeting: { ...meeting, endsAt: after(5000) } }, code(startsAt), after(5000)],
      'meeting-over',
    ],
  ])('%s', (_what, given, kind) => {
    expect(decideScan(...given).kind).toBe(kind);
  });

  test('a window is open from its opening to before its end', () => {
    expect(isWindowOpen(window, addMs(window.closesAt, -1))).toBe(true);
    expect(isWindowOpen(window, window.closesAt)).toBe(false);
  });
});

describe('decideCheckIn', () => {
  const member = { id: 'm1', role: 'student' as const, isTestUser: false, isEnrolled: true };
  const snapshot: AttemptSnapshot = {
    courseId: 'c1',
    source,
    window,
    meeting,
    member,
    record: undefined,
    arrivedAt: undefined,
    policy: defaultPolicy,
    earlier: undefined,
    wrongGuesses: 0,
    deviceOfOther: false,
  };
  const attempt: Attempt = {
    ticketId: 't1',
    at: startsAt,
    via: 'scan',
    code: { verified: true, ageMs: 3000 },
    sameBrowser: true,
  };
  const typed = (text: string): Partial<Attempt> => ({
    via: 'typed',
    code: { verified: false, read: read(text) },
  });
  const rightTyped = codeAt(source, 'typed', startsAt);
  const wrongTyped = rightTyped.slice(0, 7) + (rightTyped.endsWith('0') ? '1' : '0');
  const record = (source: 'teacher' | 'check-in', status: Status, provenMinutes: number) => ({
    record: { source, status, provenMinutes },
  });

  test.each<[string, Partial<AttemptSnapshot>, Partial<Attempt>, object]>([
    [
      'a scan',
      {},
      {},
      { kind: 'check-in', attendance: { status: 'present', provenMinutes: 210 }, flags: [] },
    ],
    ['nobody', { member: undefined }, {}, { kind: 'not-a-member' }],
    ['one who left', { member: { ...member, isEnrolled: false } }, {}, { kind: 'not-a-member' }],
    ['Student View', { member: { ...member, isTestUser: true } }, {}, { kind: 'test-user' }],
    ['a teacher', { member: { ...member, role: 'teacher' } }, {}, { kind: 'not-a-student' }],
    ['an assistant', { member: { ...member, role: 'assistant' } }, {}, { kind: 'not-a-student' }],
    ['an observer', { member: { ...member, role: 'observer' } }, {}, { kind: 'not-a-student' }],
    [
      'the same ticket again',
      { earlier: { membershipId: 'm1' }, ...record('check-in', 'present', 210) },
      {},
      { kind: 'repeated', record: 'already' },
    ],
    ['another person’s ticket', { earlier: { membershipId: 'm2' } }, {}, { kind: 'ticket-used' }],
    ['another browser', {}, { sameBrowser: false }, { kind: 'check-in', flags: ['other-browser'] }],
    [
      'another person’s phone',
      { deviceOfOther: true },
      {},
      { kind: 'check-in', flags: ['other-persons-device'] },
    ],
    ['a typed code', {}, typed(rightTyped), { kind: 'check-in' }],
    ['a wrong typed code', {}, typed(wrongTyped), { kind: 'wrong-guess', refusal: { kind: 'code-unknown' } }],
    ['one guess too many', { wrongGuesses: 11 }, typed(rightTyped), { kind: 'too-many-attempts' }],
    ['the last guess', { wrongGuesses: 10 }, typed(rightTyped), { kind: 'check-in' }],
    ['a scan after many guesses', { wrongGuesses: 99 }, {}, { kind: 'check-in' }],
    ['a teacher’s absent', record('teacher', 'absent', 0), {}, { kind: 'noted' }],
    ['a teacher’s present', record('teacher', 'present', 210), {}, { kind: 'noted' }],
    ['checked in before', record('check-in', 'present', 210), {}, { kind: 'already' }],
    ['checked in later than this scan', record('check-in', 'present', 200), {}, { kind: 'check-in' }],
    ['absent by itself', record('check-in', 'absent', 0), {}, { kind: 'check-in' }],
    [
      'too late by the policy: absent with the minutes',
      { policy: { ...defaultPolicy, absentAfterMinutes: 10 } },
      { at: addMs(startsAt, 11 * minuteMs) },
      { kind: 'check-in', attendance: { status: 'absent', provenMinutes: 199 } },
    ],
    [
      'too late before, and again: the first arrival stays',
      {
        ...record('check-in', 'absent', 199),
        arrivedAt: addMs(startsAt, 11 * minuteMs),
        policy: { ...defaultPolicy, absentAfterMinutes: 10 },
      },
      { at: addMs(startsAt, 12 * minuteMs) },
      { kind: 'already' },
    ],
    [
      'a check-out is still to come: nothing is proven, and the arrival stands',
      {
        ...record('check-in', 'present', 0),
        arrivedAt: startsAt,
        policy: { ...defaultPolicy, checkOutRequired: true },
      },
      { at: addMs(startsAt, 3 * minuteMs) },
      { kind: 'already' },
    ],
    [
      'an earlier scan that was confirmed later, with a check-out to come',
      {
        ...record('check-in', 'late', 0),
        arrivedAt: addMs(startsAt, 4 * minuteMs),
        policy: { ...defaultPolicy, checkOutRequired: true },
      },
      {},
      { kind: 'check-in', attendance: { status: 'present', isOpen: true } },
    ],
    [
      'a scan judged in time, of a window closed since',
      { window: { ...window, closedAt: addMs(startsAt, 1) } },
      {},
      { kind: 'check-in' },
    ],
    ['a scan after closing', { window: { ...window, closedAt: startsAt } }, {}, { kind: 'closed' }],
  ])('%s', (_what, changedSnapshot, changedAttempt, expected) => {
    const decision = decideCheckIn(
      { ...snapshot, ...changedSnapshot },
      { ...attempt, ...changedAttempt },
      addMs(startsAt, 5 * minuteMs),
    );
    expect(decision).toMatchObject(expected);
  });

  test('the ticket lives ten minutes; a repeated one longer', () => {
    const now = addMs(startsAt, 10 * minuteMs + 1);
    expect(decideCheckIn(snapshot, attempt, now).kind).toBe('ticket-expired');
    expect(decideCheckIn({ ...snapshot, earlier: { membershipId: 'm1' } }, attempt, now).kind).toBe(
      'repeated',
    );
  });

  test('the sign-in’s length changes nothing', () => {
    fc.assert(
      fc.property(fc.nat(10 * minuteMs), (wait) => {
        expect(decideCheckIn(snapshot, attempt, addMs(startsAt, wait))).toEqual(
          decideCheckIn(snapshot, attempt, startsAt),
        );
      }),
    );
  });
});

test.each<[string | null, string | null]>([
  [null, null],
  ['', null],
  ['unknown', null],
  ['203.0.113.77', '203.0.113.0/24'],
  ['203.0.113.77:5123', '203.0.113.0/24'],
  ['10.0.0.1, 203.0.113.77', '203.0.113.0/24'],
  ['::ffff:203.0.113.77', '203.0.113.0/24'],
  ['2001:db8:a0b:12f0::1', '2001:db8:a0b::/48'],
  ['[2001:0db8:0a0b:12f0::1]:443', '2001:db8:a0b::/48'],
  ['2001:db8::1', '2001:db8:0::/48'],
  ['::1', '0:0:0::/48'],
])('the network of %j', (forwardedFor, prefix) => {
  expect(networkPrefix(forwardedFor)).toBe(prefix);
});
