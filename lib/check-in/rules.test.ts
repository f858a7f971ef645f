import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pairSights } from '../attendance/rules.ts';
import type { PresenceSpan, Sight } from '../attendance/rules.ts';
import { defaultPolicy } from '../base/course-policy.ts';
import { mostExtraMinutes } from '../base/extra-minutes.ts';
import type { Status } from '../base/statuses.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { RecordSource } from '../db/schema.ts';
import { codeAt, locatorOf, readCode } from '../check-in-windows/rules.ts';
import type { CodeSource, Via } from '../check-in-windows/rules.ts';
import {
  countedSince,
  countedTime,
  decideCheckIn,
  decideHelperCheckIn,
  decideScan,
  networkPrefix,
} from './rules.ts';
import type { Attempt, AttemptSnapshot, CheckInDecision } from './rules.ts';

const startsAt = new Date('2026-11-28T08:00:00Z');
const after = (ms: number) => addMs(startsAt, ms);
const minute = (count: number) => after(count * minuteMs);
const digest = createHash('sha512').update('a window').digest();
const source: CodeSource = { locator: locatorOf(digest), secret: digest, stepSeconds: 10 };

const meeting = {
  startsAt,
  endsAt: minute(225),
  breakMinutes: 15,
  breaks: [],
  state: 'planned' as const,
};
const window = { direction: 'in' as const, opensAt: minute(-5), closesAt: minute(15), closedAt: null };
const outWindow = { direction: 'out' as const, opensAt: minute(220), closesAt: minute(240), closedAt: null };

function read(text: string) {
  const code = readCode(text);
  if (code === undefined) throw new Error(`no code: ${text}`);
  return code;
}
const code = (at: Date) => read(codeAt(source, 'scan', at));

describe('decideScan', () => {
  const target = { source, window, meeting };
  const out = { source, window: outWindow, meeting };
  const over = { ...meeting, endsAt: after(5000) };

  test.each<[string, Parameters<typeof decideScan>, string]>([
    ['in time', [target, code(startsAt), startsAt], 'taken'],
    ['before it opens', [target, code(minute(-6)), minute(-6)], 'not-open-yet'],
    [
      'taken back before it opened',
      [{ ...target, window: { ...window, closedAt: minute(-7) } }, code(minute(-6)), minute(-6)],
      'closed',
    ],
    ['too old', [target, code(startsAt), after(40_000)], 'code-too-old'],
    ['too old, with a minute more', [target, code(startsAt), after(40_000), minuteMs], 'taken'],
    ['too old even so', [target, code(startsAt), after(81_000), minuteMs], 'code-too-old'],
    ['at the moment of closing', [target, code(window.closesAt), window.closesAt], 'closed'],
    ['then, with a minute more', [target, code(window.closesAt), window.closesAt, minuteMs], 'taken'],
    [
      'closed by hand a moment before',
      [{ ...target, window: { ...window, closedAt: after(1000) } }, code(startsAt), after(1000)],
      'closed',
    ],
    [
      'then, with a minute more',
      [{ ...target, window: { ...window, closedAt: after(1000) } }, code(startsAt), after(1000), minuteMs],
      'taken',
    ],
    [
      'a moment before it was closed by hand',
      [{ ...target, window: { ...window, closedAt: after(1000) } }, code(startsAt), after(999)],
      'taken',
    ],
    [
      'cancelled',
      [{ ...target, meeting: { ...meeting, state: 'cancelled' } }, code(startsAt), startsAt],
      'closed',
    ],
    ['over', [{ ...target, meeting: over }, code(startsAt), after(5000)], 'meeting-over'],
    [
      'over, with more time',
      [{ ...target, meeting: over }, code(startsAt), after(5000), minuteMs],
      'meeting-over',
    ],
    ['out, after the end', [out, code(minute(230)), minute(230)], 'taken'],
    ['out, when that is over too', [out, code(minute(240)), minute(240)], 'closed'],
    [
      'a printed sheet, all the time',
      [
        { ...target, source: { ...source, stepSeconds: null } },
        read(codeAt({ ...source, stepSeconds: null }, 'scan', startsAt)),
        minute(14),
      ],
      'taken',
    ],
  ])('%s', (_what, given, kind) => {
    expect(decideScan(...given).kind).toBe(kind);
  });
});

const member = { id: 'm1', role: 'student' as const, isTestUser: false, isEnrolled: true, extraMinutes: 0 };
const snapshot: AttemptSnapshot = {
  courseId: 'c1',
  source,
  window,
  meeting,
  member,
  record: undefined,
  sights: [],
  policy: defaultPolicy,
  earlier: undefined,
  wrongGuesses: 0,
  attempts: 0,
  deviceOfOther: false,
};
const attempt: Attempt = {
  ticketId: 't1',
  at: startsAt,
  via: 'scan',
  code: { verified: true, ageMs: 3000 },
  sameBrowser: true,
  scanBrowserHash: 'b1',
};

const cameAt = (count: number): Sight => ({ at: minute(count), direction: 'in' });
const wentAt = (count: number): Sight => ({ at: minute(count), direction: 'out' });
const span = (from: number, to: number | null = null): PresenceSpan => ({
  from: minute(from),
  to: to === null ? null : minute(to),
});
const record = (
  by: RecordSource,
  status: Status,
  provenMinutes: number,
  spans: PresenceSpan[] = [],
  isOpen = false,
) => ({ record: { source: by, status, provenMinutes, isOpen, spans } });

describe('decideCheckIn', () => {
  const typed = (text: string): Partial<Attempt> => ({
    via: 'typed',
    code: { verified: false, read: read(text) },
  });
  const rightTyped = codeAt(source, 'typed', startsAt);
  const wrongTyped = rightTyped.slice(0, 7) + (rightTyped.endsWith('0') ? '1' : '0');
  const needsOut = { policy: { ...defaultPolicy, checkOutRequired: true } };
  const out = (at: number): Partial<Attempt> => ({ at: minute(at) });
  const hereSince = { ...record('check-in', 'present', 210, [span(0)]), sights: [cameAt(0)] };

  test.each<[string, Partial<AttemptSnapshot>, Partial<Attempt>, object]>([
    [
      'a scan',
      {},
      {},
      { kind: 'changes', decided: { status: 'present', provenMinutes: 210, spans: [span(0)] }, flags: [] },
    ],
    ['nobody', { member: undefined }, {}, { kind: 'not-a-member' }],
    ['one who left', { member: { ...member, isEnrolled: false } }, {}, { kind: 'not-a-member' }],
    ['Student View', { member: { ...member, isTestUser: true } }, {}, { kind: 'test-user' }],
    ['a teacher', { member: { ...member, role: 'teacher' } }, {}, { kind: 'not-a-student' }],
    ['an assistant', { member: { ...member, role: 'assistant' } }, {}, { kind: 'not-a-student' }],
    ['an observer', { member: { ...member, role: 'observer' } }, {}, { kind: 'not-a-student' }],
    [
      'the same ticket again',
      { earlier: { membershipId: 'm1' }, ...hereSince },
      {},
      { kind: 'repeated', as: 'already' },
    ],
    [
      'the same ticket again, its evidence kept and its record not',
      { earlier: { membershipId: 'm1' }, sights: [cameAt(0)] },
      {},
      { kind: 'changes', decided: { status: 'present', spans: [span(0)] } },
    ],
    [
      'the same ticket again, set aside since',
      { earlier: { membershipId: 'm1' }, sights: [] },
      {},
      { kind: 'repeated', as: 'noted' },
    ],
    ['another person’s ticket', { earlier: { membershipId: 'm2' } }, {}, { kind: 'ticket-used' }],
    [
      'another person’s ticket again and again',
      { earlier: { membershipId: 'm2' }, attempts: 31 },
      {},
      { kind: 'too-many-attempts' },
    ],
    ['another browser', {}, { sameBrowser: false }, { kind: 'changes', flags: ['other-browser'] }],
    [
      'another person’s phone',
      { deviceOfOther: true },
      {},
      { kind: 'changes', flags: ['other-persons-device'] },
    ],
    ['a typed code', {}, typed(rightTyped), { kind: 'changes' }],
    ['a wrong typed code', {}, typed(wrongTyped), { kind: 'wrong-guess', refusal: { kind: 'code-unknown' } }],
    ['one guess too many', { wrongGuesses: 11 }, typed(rightTyped), { kind: 'too-many-attempts' }],
    ['the last guess', { wrongGuesses: 10 }, typed(rightTyped), { kind: 'changes' }],
    ['a scan after many guesses', { wrongGuesses: 30, attempts: 30 }, {}, { kind: 'changes' }],
    ['more attempts than anybody needs', { attempts: 31 }, {}, { kind: 'too-many-attempts' }],
    ['a teacher’s absent', record('teacher', 'absent', 0), {}, { kind: 'noted' }],
    ['a teacher’s present', record('teacher', 'present', 210), {}, { kind: 'noted' }],
    ['checked in before', hereSince, { at: minute(2) }, { kind: 'already' }],
    [
      'checked in before by a later scan',
      { ...record('check-in', 'late', 200, [span(10)]), sights: [cameAt(10)] },
      {},
      { kind: 'changes', decided: { status: 'present', spans: [span(0)] } },
    ],
    ['absent by itself', record('check-in', 'absent', 0), {}, { kind: 'changes' }],
    [
      'too late by the policy: absent with the minutes',
      { policy: { ...defaultPolicy, absentAfterMinutes: 10 } },
      { at: minute(11) },
      { kind: 'changes', decided: { status: 'absent', provenMinutes: 199 } },
    ],
    [
      'too late before, and again: the first arrival stays',
      {
        ...record('check-in', 'absent', 199, [span(11)]),
        sights: [cameAt(11)],
        policy: { ...defaultPolicy, absentAfterMinutes: 10 },
      },
      { at: minute(12) },
      { kind: 'already' },
    ],
    [
      'a check-out is still to come',
      needsOut,
      {},
      { kind: 'changes', decided: { provenMinutes: 0, isOpen: true } },
    ],
    [
      'out: measured, not assumed',
      { ...hereSince, ...needsOut, window: outWindow },
      out(222),
      {
        kind: 'changes',
        decided: { status: 'present', provenMinutes: 210, isOpen: false, spans: [span(0, 222)] },
      },
    ],
    [
      'out early',
      { ...hereSince, window: { ...outWindow, opensAt: minute(60) } },
      out(60),
      { kind: 'changes', decided: { status: 'partial', provenMinutes: 60, spans: [span(0, 60)] } },
    ],
    [
      'in again after a going: a second pair',
      {
        ...record('check-in', 'partial', 60, [span(0, 60)]),
        sights: [cameAt(0), wentAt(60)],
        window: { ...window, closesAt: minute(200) },
      },
      { at: minute(80) },
      { kind: 'changes', decided: { status: 'present', provenMinutes: 190, spans: [span(0, 60), span(80)] } },
    ],
    [
      'a going that was confirmed before its coming',
      { sights: [wentAt(222)], window },
      {},
      { kind: 'changes', decided: { spans: [span(0, 222)] } },
    ],
    [
      'out without a coming proves nothing',
      { window: outWindow },
      out(222),
      { kind: 'unpaired', flags: ['no-check-in'] },
    ],
    [
      'out, after the teacher’s word',
      { ...record('teacher', 'present', 210), window: outWindow },
      out(222),
      { kind: 'noted' },
    ],
    [
      'out twice: the first counts',
      {
        ...record('check-in', 'partial', 60, [span(0, 60)]),
        sights: [cameAt(0), wentAt(60)],
        window: { ...outWindow, opensAt: minute(60) },
      },
      out(90),
      { kind: 'already' },
    ],
    [
      'a scan judged in time, of a window closed since',
      { window: { ...window, closedAt: after(1) } },
      {},
      { kind: 'changes' },
    ],
    ['a scan after closing', { window: { ...window, closedAt: startsAt } }, {}, { kind: 'closed' }],
    [
      'a scan after closing, by somebody with more time',
      { window: { ...window, closedAt: startsAt }, member: { ...member, extraMinutes: 5 } },
      { at: minute(1), code: { verified: false, read: code(minute(1)) } },
      { kind: 'changes' },
    ],
    [
      'an old code, by somebody with more time',
      { member: { ...member, extraMinutes: 5 } },
      { at: minute(4), code: { verified: false, read: code(startsAt) } },
      { kind: 'changes', codeAgeMs: 4 * minuteMs },
    ],
    [
      'an old code, by anybody else',
      {},
      { at: minute(4), code: { verified: false, read: code(startsAt) } },
      { kind: 'code-too-old', ageSeconds: 240 },
    ],
  ])('%s', (_what, changedSnapshot, changedAttempt, expected) => {
    const given = { ...attempt, ...changedAttempt };
    const decision = decideCheckIn({ ...snapshot, ...changedSnapshot }, given, addMs(given.at, 5 * minuteMs));
    expect(decision).toMatchObject(expected);
  });

  test('the ticket lives ten minutes; a repeated one longer', () => {
    const now = addMs(startsAt, 10 * minuteMs + 1);
    expect(decideCheckIn(snapshot, attempt, now).kind).toBe('ticket-expired');
    const repeated = { ...snapshot, earlier: { membershipId: 'm1' } };
    expect(decideCheckIn(repeated, attempt, now).kind).toBe('repeated');
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

  /** Confirms scans one after the other, as the database would keep them. */
  function confirmAll(sights: readonly Sight[]): AttemptSnapshot {
    let state = snapshot;
    for (const sight of sights) {
      const decision: CheckInDecision = decideCheckIn(
        {
          ...state,
          window: { ...window, opensAt: minute(-5), closesAt: minute(300), direction: sight.direction },
        },
        { ...attempt, at: sight.at },
        sight.at,
      );
      if (decision.kind === 'meeting-over') continue;
      const kept = { ...state, sights: [...state.sights, sight] };
      state = decision.kind === 'changes' ? { ...kept, record: decision.decided } : kept;
    }
    return state;
  }
  const anySights = fc.array(
    fc.record({
      at: fc.integer({ min: -5, max: 240 }).map(minute),
      direction: fc.constantFrom('in' as const, 'out' as const),
    }),
    { maxLength: 8 },
  );

  test('whatever the order in which scans are confirmed, the record says the same', () => {
    fc.assert(
      fc.property(anySights, fc.infiniteStream(fc.nat()), (sights, order) => {
        const shuffled = sights
          .map((sight) => ({ sight, key: order.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ sight }) => sight);
        // Two at the same instant stand in the order in which they came; nobody can be asked which was first.
        fc.pre(new Set(sights.map(({ at }) => at.getTime())).size === sights.length);
        expect(confirmAll(shuffled).record).toEqual(confirmAll(sights).record);
      }),
    );
  });

  test('the record is what all kept sights prove', () => {
    fc.assert(
      fc.property(anySights, (sights) => {
        const { record: kept, sights: seen } = confirmAll(sights);
        expect(kept?.spans ?? []).toEqual(pairSights(seen));
      }),
    );
  });
});

describe('guessing is hopeless: the numbers', () => {
  const rotations = [5, 10, 20, 30, 60];
  /** Every symbol that a code can be made of. */
  const symbols = Array.from({ length: 128 }, (_, ascii) => String.fromCharCode(ascii)).filter((symbol) =>
    readCode(symbol.repeat(8))?.text.startsWith(symbol),
  );
  /** How many codes are possible of which the locator is known: it is no secret. */
  const codes = (via: Via) =>
    symbols.length ** (codeAt(source, via, startsAt).length - source.locator.length);

  /** The most codes of a window that are taken at one moment: at the beginning of a step, or at its end. */
  function mostThatFit(via: Via, stepSeconds: number | null, extraMinutes = 0): number {
    const target = {
      source: { ...source, stepSeconds },
      window: { ...window, opensAt: minute(-60) },
      meeting,
    };
    const fitting = [startsAt, after(119_999)].map((at) => {
      const around = Array.from({ length: 12 * (extraMinutes + 8) }, (_, index) => {
        return codeAt(target.source, via, addMs(at, (index * 5 - (extraMinutes + 5) * 60) * 1000));
      });
      return [...new Set(around)].filter(
        (one) => decideScan(target, read(one), at, extraMinutes * minuteMs).kind === 'taken',
      ).length;
    });
    return Math.max(...fitting);
  }

  /** How many codes of one person are looked at before no more are, and for how long that lasts. */
  const guess: Attempt = {
    ...attempt,
    via: 'typed',
    code: { verified: false, read: read(`${source.locator}0000`) },
  };
  const isLookedAt = (wrongGuesses: number, via: Via) =>
    decideCheckIn({ ...snapshot, wrongGuesses, attempts: wrongGuesses }, { ...guess, via }, startsAt).kind !==
    'too-many-attempts';
  const guesses = Array.from({ length: 100 }, (_, made) => made).filter((made) =>
    isLookedAt(made, 'typed'),
  ).length;
  const forMs = startsAt.getTime() - countedSince(startsAt).getTime();

  const oneIn = (chance: number) => Math.floor(1 / chance);

  test('eleven guesses in ten minutes, each among a million codes of which three fit at most', () => {
    expect({ guesses, forMs, symbols: symbols.length, codes: codes('typed') }).toEqual({
      guesses: 11,
      forMs: 10 * minuteMs,
      symbols: 32,
      codes: 1_048_576,
    });
    expect(rotations.map((seconds) => mostThatFit('typed', seconds))).toEqual([3, 3, 3, 3, 3]);
    expect(mostThatFit('typed', null)).toBe(1);
  });

  test('whoever guesses as often as they may', () => {
    const inTenMinutes = (guesses * mostThatFit('typed', 10)) / codes('typed');
    expect(oneIn(inTenMinutes)).toBe(31_775);
    // A usual check-in is open for half an hour: from a quarter before the start to a quarter after it.
    const perMeeting = 3 * inTenMinutes;
    expect(oneIn(perMeeting)).toBe(10_591);
    // At each of thirty meetings, with a thousand wrong codes on the review lists.
    expect(oneIn(30 * perMeeting)).toBe(353);
    // Of six hundred who do so together at one meeting, one in seventeen such meetings sees one succeed.
    expect(oneIn(600 * perMeeting)).toBe(17);
    // Who has been given a quarter of an hour more.
    expect(oneIn((guesses * mostThatFit('typed', 10, mostExtraMinutes)) / codes('typed'))).toBe(5_295);
    // A printed sheet's code, at which somebody may guess for all of a day.
    expect(oneIn((24 * 6 * guesses) / codes('typed'))).toBe(661);
  });

  test('scanned codes are not counted and need not be', () => {
    expect(isLookedAt(30, 'scan')).toBe(true);
    // A thousand guesses a second, day and night, for a year.
    const aYear = 365 * 86_400 * 1000;
    expect((aYear * mostThatFit('scan', 10)) / codes('scan')).toBeLessThan(1 / 300_000_000);
  });
});

describe('decideHelperCheckIn', () => {
  test.each<[string, Partial<AttemptSnapshot>, Sight, object]>([
    ['at the start', {}, cameAt(0), { kind: 'changes', decided: { status: 'present' } }],
    ['without any window, long before', {}, cameAt(-121), { kind: 'not-open-yet' }],
    ['two hours before', {}, cameAt(-120), { kind: 'changes' }],
    ['in the last minute', {}, cameAt(224), { kind: 'changes' }],
    ['at the end', {}, cameAt(225), { kind: 'meeting-over' }],
    ['two hours after', hereTillEnd(), wentAt(345), { kind: 'changes' }],
    ['later', {}, wentAt(346), { kind: 'meeting-over' }],
    ['cancelled', { meeting: { ...meeting, state: 'cancelled' } }, cameAt(0), { kind: 'closed' }],
    ['a teacher’s entry stays', record('teacher', 'excused', 0), cameAt(0), { kind: 'noted' }],
    [
      'who was excused and comes all the same is present',
      record('excuse', 'excused', 0),
      cameAt(0),
      { kind: 'changes', decided: { status: 'present', source: 'check-in' } },
    ],
    [
      'here already',
      { ...record('check-in', 'present', 210, [span(0)]), sights: [cameAt(0)] },
      cameAt(1),
      { kind: 'already' },
    ],
    ['out without in', {}, wentAt(222), { kind: 'unpaired', flags: ['no-check-in'] }],
    ['nobody of the course', { member: undefined }, cameAt(0), { kind: 'not-a-member' }],
    ['one who left', { member: { ...member, isEnrolled: false } }, cameAt(0), { kind: 'not-a-member' }],
    ['a teacher', { member: { ...member, role: 'teacher' } }, cameAt(0), { kind: 'not-a-student' }],
    ['Student View', { member: { ...member, isTestUser: true } }, cameAt(0), { kind: 'test-user' }],
    [
      'pressed twice',
      {
        earlier: { membershipId: 'm1' },
        ...record('check-in', 'present', 210, [span(0)]),
        sights: [cameAt(0)],
      },
      cameAt(0),
      { kind: 'repeated', as: 'already' },
    ],
    ['somebody else’s press', { earlier: { membershipId: 'm2' } }, cameAt(0), { kind: 'ticket-used' }],
  ])('%s', (_what, changed, sight, expected) => {
    expect(decideHelperCheckIn({ ...snapshot, ...changed }, sight)).toMatchObject(expected);
  });

  function hereTillEnd() {
    return { ...record('check-in', 'present', 210, [span(0)]), sights: [cameAt(0)] };
  }
});

test.each<[string, PresenceSpan[], Sight, Date]>([
  ['nothing counts yet: its own', [], cameAt(3), minute(3)],
  ['of several arrivals the first', [span(0)], cameAt(3), minute(0)],
  ['an arrival after a going', [span(0, 60), span(80)], cameAt(90), minute(80)],
  ['the going', [span(0, 60)], wentAt(60), minute(60)],
  ['of several goings the first', [span(0, 60)], wentAt(70), minute(60)],
  ['a going that ends no span', [span(0)], wentAt(70), minute(70)],
])('the time that counts: %s', (_what, spans, sight, time) => {
  expect(countedTime(spans, sight)).toEqual(time);
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
