import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs, minuteMs } from '../base/time.ts';
import {
  countFlagged,
  countPeople,
  drawLot,
  estimateAverageFalseRate,
  estimateFalseRate,
  flaggingReasons,
  listCards,
  reasons,
  stateOf,
} from './rules.ts';
import type { Card, Evidence } from './rules.ts';

const nine = new Date('2026-11-28T08:00:00Z');
const at = (minutes: number) => addMs(nine, minutes * minuteMs);
let made = 0;

/** An honest check-in of somebody with their own phone, in the room's network. */
const checkIn = (who: string, given: Partial<Evidence> = {}): Evidence => ({
  ...{ id: `check-in-${String((made += 1))}`, membershipId: who, name: who, outcome: 'checked-in' },
  ...{ direction: 'in', via: 'scan', at: at(0), codeAgeMs: 4_000, stepSeconds: 10, hasExtraTime: false },
  ...{ scanBrowserHash: `phone of ${who}`, browserHash: `phone of ${who}`, networkHash: 'wifi' },
  ...{ distanceMeters: null, flags: [], decision: null, entered: null },
  ...given,
});
const checkOut = (who: string, given: Partial<Evidence> = {}) =>
  checkIn(who, { direction: 'out', outcome: 'checked-out', at: at(220), ...given });
/** So many others, who do nothing odd. */
const others = (count: number, given: Partial<Evidence> = {}) =>
  Array.from({ length: count }, (_, index) => checkIn(`other ${String(index)}`, given));

const list = (evidence: readonly Evidence[], isCheckOutDue = false) => listCards(evidence, { isCheckOutDue });
/** `reason (scanned by): people`, without those who were not odd. */
const told = (cards: readonly Card[]) =>
  cards.map(
    ({ reason, scannedBy, people }) =>
      `${reason}${scannedBy === null ? '' : ` (${scannedBy.name})`}: ${people.map(({ name }) => name).join(', ')}`,
  );
const ofAnna = (given: Partial<Evidence> = {}) => ({ scanBrowserHash: 'phone of Anna', ...given });

describe('the review list', () => {
  test.each<[string, Evidence[], string[]]>([
    ['nothing odd', others(30), []],
    [
      'one phone that checked in several people',
      [checkIn('Anna'), checkIn('Ben', ofAnna({ browserHash: 'phone of Anna' })), checkIn('Cem')],
      ['shared-phone: Anna, Ben'],
    ],
    ['one phone, in and out', [checkIn('Anna'), checkOut('Anna')], []],
    ['browsers that keep nothing are not one', others(5, { browserHash: null, scanBrowserHash: null }), []],
    [
      'links that one person passed on to three',
      [
        checkIn('Anna'),
        checkIn('Ben', ofAnna({ flags: ['other-browser'] })),
        checkIn('Cem', ofAnna({ flags: ['other-browser'] })),
        checkIn('Dana', ofAnna({ outcome: 'ticket-used' })),
      ],
      ['passed-on (Anna): Ben, Cem, Dana'],
    ],
    [
      'a link that was passed on once, by somebody who is here',
      [checkIn('Anna'), checkIn('Ben', ofAnna({ flags: ['other-browser'] }))],
      ['passed-on (Anna): Ben'],
    ],
    [
      'links from a browser that checked in nobody itself',
      [
        checkIn('Ben', ofAnna({ flags: ['other-browser'] })),
        checkIn('Cem', ofAnna({ flags: ['other-browser'] })),
      ],
      ['passed-on: Ben, Cem'],
    ],
    [
      'one scan that ended in another browser, as with an in-app browser',
      [checkIn('Ben', { flags: ['other-browser'], browserHash: 'in-app' })],
      ['other-browser: Ben'],
    ],
    [
      'the same, when the person also checked in with the first',
      [checkIn('Ben'), checkIn('Ben', { flags: ['other-browser'], browserHash: 'in-app' })],
      ['other-browser: Ben'],
    ],
    [
      'scans of unknown browsers are not taken for one',
      [
        checkIn('Ben', { scanBrowserHash: null, flags: ['other-browser'] }),
        checkIn('Cem', { scanBrowserHash: null, flags: ['other-browser'] }),
        checkIn('Dana', { scanBrowserHash: null, outcome: 'ticket-used' }),
      ],
      ['passed-on: Dana', 'other-browser: Ben, Cem'],
    ],
    [
      'somebody else’s remembered phone',
      [checkIn('Ben', { flags: ['other-persons-device'] })],
      ['other-persons-phone: Ben'],
    ],
    [
      'the same, when its owner used it too: told once',
      [checkIn('Anna'), checkIn('Ben', { flags: ['other-persons-device'], browserHash: 'phone of Anna' })],
      ['shared-phone: Anna, Ben'],
    ],
    [
      'from outside, and far away',
      [
        checkIn('Ben', { flags: ['outside-network'] }),
        checkIn('Cem', { flags: ['far-away', 'outside-network'], distanceMeters: 4_200 }),
      ],
      ['far-away: Cem', 'outside-network: Ben, Cem'],
    ],
    [
      'a check-out without a check-in',
      [checkOut('Ben', { outcome: 'unpaired', flags: ['no-check-in'] })],
      ['no-check-in: Ben'],
    ],
    [
      'many wrong codes; a few are typing errors',
      [
        ...Array.from({ length: 5 }, () => checkIn('Ben', { outcome: 'wrong-code', via: 'typed' })),
        ...Array.from({ length: 4 }, () => checkIn('Cem', { outcome: 'wrong-code', via: 'typed' })),
      ],
      ['wrong-codes: Ben'],
    ],
    ['an old code among few', [checkIn('Ben', { codeAgeMs: 19_000 }), ...others(3)], []],
    ['an old code among many', [checkIn('Ben', { codeAgeMs: 15_001 }), ...others(20)], ['old-code: Ben']],
    ['a code just within the usual', [checkIn('Ben', { codeAgeMs: 15_000 }), ...others(20)], []],
    [
      'an old code of somebody who has more time',
      [checkIn('Ben', { codeAgeMs: 190_000, hasExtraTime: true }), ...others(20)],
      [],
    ],
    [
      'a printed code has no age',
      [checkIn('Ben', { codeAgeMs: null, stepSeconds: null }), ...others(20)],
      [],
    ],
    ['typed codes change slowly', [checkIn('Ben', { codeAgeMs: 70_000, via: 'typed' }), ...others(20)], []],
    [
      'slow Wi-Fi makes many codes old',
      [
        checkIn('Ben', { codeAgeMs: 19_000 }),
        ...others(5, { codeAgeMs: 18_000 }),
        checkIn('Cem'),
        checkIn('Dana'),
      ],
      [],
    ],
    [
      'alone in a network',
      [checkIn('Ben', { networkHash: 'home' }), ...others(20)],
      ['alone-in-network: Ben'],
    ],
    [
      'mobile data: many are alone',
      [...['a', 'b', 'c', 'd'].map((net) => checkIn(net, { networkHash: net })), ...others(16)],
      [],
    ],
    [
      'alone once, and in the room’s network at the check-out',
      [checkIn('Ben', { networkHash: 'mobile' }), checkOut('Ben'), ...others(20)],
      [],
    ],
    ['alone, where nobody shares one', ['a', 'b', 'c'].map((net) => checkIn(net, { networkHash: net })), []],
    [
      'checked in by hand from the teacher’s phone',
      [checkIn('Ben', { networkHash: null, via: 'helper', browserHash: null }), ...others(20)],
      [],
    ],
    [
      'what somebody decided without a reason of ours stays to be seen',
      [checkIn('Ben', { decision: 'set-aside' }), ...others(20)],
      ['by-hand: Ben'],
    ],
  ])('%s', (_what, evidence, cards) => {
    expect(told(list(evidence))).toEqual(cards);
  });

  test('who did not check out, once others have and it is due', () => {
    const evidence = [checkIn('Ben'), checkIn('Anna'), checkOut('Anna'), checkIn('Cem'), checkOut('Cem')];
    expect(told(list(evidence, true))).toEqual(['no-check-out: Ben']);
    expect(list(evidence)).toEqual([]);
    expect(list(evidence.slice(0, 3), true)).toEqual([]);
  });

  test('a card waits until all on it are decided, then it is to ask, or done', () => {
    const pair = (one: Evidence['decision'], other: Evidence['decision']) =>
      list([
        checkIn('Anna', { decision: one }),
        checkIn('Ben', { browserHash: 'phone of Anna', decision: other }),
      ]).map(stateOf);
    expect(pair(null, null)).toEqual(['open']);
    expect(pair('fine', null)).toEqual(['open']);
    expect(pair('fine', 'ask')).toEqual(['ask']);
    expect(pair('fine', 'set-aside')).toEqual(['done']);
  });

  test('what came after a decision waits for one of its own, beside what is decided; it is one person', () => {
    const [card] = list([
      checkIn('Ben', { flags: ['outside-network'], decision: 'set-aside' }),
      checkIn('Ben', { flags: ['outside-network'] }),
      checkOut('Ben', { flags: ['outside-network'] }),
    ]);
    if (card === undefined) throw new Error('no card');
    expect(card.people).toMatchObject([
      { name: 'Ben', decision: 'set-aside', evidence: [{ direction: 'in' }] },
      { name: 'Ben', decision: null, evidence: [{ direction: 'in' }, { direction: 'out' }] },
    ]);
    expect([stateOf(card), countPeople(card), countFlagged([card])]).toEqual(['open', 1, 1]);
  });

  test('the weightiest first, and the same by how many they are; a refused attempt counts for nobody', () => {
    const cards = list([
      checkIn('Ben', { flags: ['outside-network'] }),
      checkIn('Cem', { scanBrowserHash: 's', outcome: 'ticket-used' }),
      ...['d', 'e', 'f'].map((who) => checkIn(who, { browserHash: 'tablet' })),
      ...['g', 'h'].map((who) => checkIn(who, { browserHash: 'laptop' })),
    ]);
    expect(told(cards)).toEqual([
      'shared-phone: d, e, f',
      'shared-phone: g, h',
      'passed-on: Cem',
      'outside-network: Ben',
    ]);
    expect(cards[2]?.people[0]?.counts).toBe(false);
  });

  test('flags count people, each once, until they are fine or set aside; hints do not count', () => {
    const evidence = [
      checkIn('Ben', { flags: ['outside-network', 'other-browser'], browserHash: 'x' }),
      checkIn('Cem', { flags: ['far-away'], decision: 'ask' }),
      checkIn('Dana', { flags: ['far-away'], decision: 'fine' }),
      checkIn('Eva', { networkHash: 'home' }),
      ...others(20),
    ];
    expect(countFlagged(list(evidence))).toBe(2);
    expect(told(list(evidence))).toContain('alone-in-network: Eva');
    expect([...flaggingReasons].every((reason) => reasons.includes(reason))).toBe(true);
  });
});

describe('the lot', () => {
  test('takes so many, each once, in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (items, count, random) => {
          const below = (limit: number) => Math.floor((random.next().value ?? 0) * limit);
          const drawn = drawLot(items, count, below);
          expect(drawn.length).toBe(Math.min(count, items.length));
          expect(new Set(drawn).size).toBe(drawn.length);
          expect(drawn.every((item) => items.includes(item))).toBe(true);
        },
      ),
    );
  });

  test('every choice of two among four is as likely as every other', () => {
    const seen = new Map<string, number>();
    for (const first of [0, 1, 2, 3]) {
      for (const second of [0, 1, 2]) {
        const turns = [first, second];
        const drawn = drawLot(['a', 'b', 'c', 'd'], 2, () => turns.shift() ?? 0)
          .sort()
          .join('');
        seen.set(drawn, (seen.get(drawn) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(seen)).toEqual({ ab: 2, ac: 2, ad: 2, bc: 2, bd: 2, cd: 2 });
  });
});

describe('the estimate of false check-ins', () => {
  const rate = (checkedIn: number, called: number, missing: number) =>
    estimateFalseRate({ checkedIn, called, missing });
  const choose = (n: number, k: number): number =>
    k < 0 || k > n ? 0 : Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((a, b) => a * b, 1);

  test.each([
    ['nobody missing of five in twenty', 20, 5, 0, 0, 9],
    ['nobody missing of five in six hundred', 600, 5, 0, 0, 312],
    ['one missing of five in thirty', 30, 5, 1, 1, 20],
    ['all missing', 20, 5, 5, 11, 20],
    ['everybody was called: it is known', 12, 12, 3, 3, 3],
    ['the only one', 1, 1, 0, 0, 0],
  ])('%s', (_what, checkedIn, called, missing, low, high) => {
    const found = rate(checkedIn, called, missing);
    expect([(found?.low ?? -1) * checkedIn, (found?.high ?? -1) * checkedIn].map(Math.round)).toEqual([
      low,
      high,
    ]);
  });

  test('nobody was called: there is no estimate', () => {
    expect(rate(20, 0, 0)).toBeUndefined();
  });

  test('whatever the truth is, the interval holds it in 95 of 100 draws at least', () => {
    for (const checkedIn of [1, 2, 5, 9, 20, 31]) {
      for (const called of [1, 2, 5, 20].filter((n) => n <= checkedIn)) {
        for (let falseOnes = 0; falseOnes <= checkedIn; falseOnes += 1) {
          let held = 0;
          for (let missing = 0; missing <= called; missing += 1) {
            const chance =
              (choose(falseOnes, missing) * choose(checkedIn - falseOnes, called - missing)) /
              choose(checkedIn, called);
            if (chance === 0) continue;
            const found = rate(checkedIn, called, missing);
            const truth = falseOnes / checkedIn;
            if (found !== undefined && found.low <= truth && truth <= found.high) held += chance;
          }
          expect([checkedIn, called, falseOnes, held >= 0.95 - 1e-9]).toEqual([
            checkedIn,
            called,
            falseOnes,
            true,
          ]);
        }
      }
    }
  });

  test('it holds what was found, and more missing never make it lower', () => {
    const size = fc
      .integer({ min: 1, max: 2_000 })
      .chain((checkedIn) =>
        fc.integer({ min: 1, max: Math.min(60, checkedIn) }).map((called) => ({ checkedIn, called })),
      );
    fc.assert(
      fc.property(size, ({ checkedIn, called }) => {
        let before = { low: 0, high: 0 };
        for (let missing = 0; missing <= called; missing += 1) {
          const found = rate(checkedIn, called, missing);
          if (found === undefined) throw new Error('no estimate');
          expect(found.low).toBeGreaterThanOrEqual(before.low);
          expect(found.high).toBeGreaterThanOrEqual(before.high);
          expect(found.low).toBeLessThanOrEqual(found.found + 1e-12);
          expect(found.high).toBeGreaterThanOrEqual(found.found - 1e-12);
          before = found;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the average of several spot checks', () => {
  const rate = (called: number, missing: number) => estimateAverageFalseRate({ called, missing });

  test.each([
    ['nobody of fifteen', 15, 0, 0, 0.21802],
    ['one of twenty', 20, 1, 0.00127, 0.24873],
    ['five of ten', 10, 5, 0.18709, 0.81291],
    ['all of four', 4, 4, 0.39764, 1],
    ['seven of four hundred', 400, 7, 0.00706, 0.03572],
    ['as many of as many as a year may bring', 2_000, 1_000, 0.47785, 0.52215],
  ])('is that of Clopper and Pearson: %s', (_what, called, missing, low, high) => {
    const found = rate(called, missing);
    expect(found?.low).toBeCloseTo(low, 5);
    expect(found?.high).toBeCloseTo(high, 5);
  });

  test('nobody was called: there is none', () => {
    expect(rate(0, 0)).toBeUndefined();
  });

  test('holds the truth in 95 of 100, also where an honest class that was called as a whole stands beside a large one', () => {
    const [large, called, honest] = [600, 5, 10];
    for (let falseOnes = 0; falseOnes <= large; falseOnes += 20) {
      let held = 0;
      for (let missing = 0; missing <= called; missing += 1) {
        // Five of six hundred: with or without putting back is nearly the same.
        const share = falseOnes / large;
        const ways = [1, 5, 10, 10, 5, 1][missing] ?? 0;
        const chance = ways * share ** missing * (1 - share) ** (called - missing);
        const truth = (called * share) / (called + honest);
        const found = rate(called + honest, missing);
        if (found !== undefined && found.low <= truth && truth <= found.high) held += chance;
      }
      expect([falseOnes, held >= 0.95 - 1e-9]).toEqual([falseOnes, true]);
    }
  });
});
