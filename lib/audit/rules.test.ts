import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commitmentOf, judgeErasure, judgeHead, judgeSeal, macOf } from './rules.ts';
import type { SealedRow, StoredEvent, StoredSeal } from './rules.ts';

const row: SealedRow = {
  id: 'e1',
  courseId: 'c1',
  at: '2026-11-28T07:58:00.000000Z',
  actorPersonId: 'p1',
  action: 'record.marked',
  subjectId: 's1',
  before: null,
  after: { status: 'late', spans: [{ from: 'x', to: null }] },
};
const salt = randomBytes(32).toString('base64url');

/** The same value with the names of its objects the other way round, as another database may hand them out. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, entry]) => [name, turned(entry)]),
  );
}

describe('a commitment', () => {
  test('does not depend on the order in which an object’s names come', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (payload) => {
        const after = JSON.parse(JSON.stringify(payload)) as unknown;
        expect(commitmentOf({ ...row, after: turned(after) }, salt)).toBe(
          commitmentOf({ ...row, after }, salt),
        );
      }),
    );
  });

  test('differs for different contents, and says nothing without its salt', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = [one, other].map((payload) => JSON.parse(JSON.stringify(payload)) as unknown);
        fc.pre(!isDeepStrictEqual(a, b));
        expect(commitmentOf({ ...row, after: a }, salt)).not.toBe(commitmentOf({ ...row, after: b }, salt));
      }),
    );
    expect(commitmentOf(row, salt)).not.toBe(commitmentOf(row, randomBytes(32).toString('base64url')));
  });

  test.each<[string, Partial<SealedRow>]>([
    ['what was before and what is after change places', { before: row.after, after: null }],
    ['a neighbour’s text moves over', { id: 'e', courseId: '1c1' }],
    ['nobody becomes somebody', { actorPersonId: 'null' }],
  ])('differs when %s', (_what, change) => {
    expect(commitmentOf({ ...row, ...change }, salt)).not.toBe(commitmentOf(row, salt));
  });
});

describe('a seal', () => {
  const key = randomBytes(32);
  const event = (id: string): StoredEvent => {
    const sealed = { ...row, id };
    return { ...sealed, salt, commitment: commitmentOf(sealed, salt), erasedAt: null };
  };
  const events = [event('e1'), event('e2')];
  const commitments = events.map(({ commitment }) => commitment ?? '');
  const first: StoredSeal = {
    ...{ id: 'i1', courseId: 'c1', number: 1, keyId: 'k1', eventCount: 2 },
    mac: macOf(key, { courseId: 'c1', number: 1, previousMac: '', commitments }),
  };
  const erased: StoredEvent = {
    ...event('e1'),
    ...{
      before: null,
      after: null,
      salt: null,
      actorPersonId: null,
      erasedAt: '2026-12-01T00:00:00.000000Z',
    },
  };
  const problem = (kind: string, more: object = {}) => ({ kind, courseId: 'c1', seal: 1, ...more });

  test.each<[string, StoredSeal, StoredEvent[], Buffer | undefined, object[]]>([
    ['as it was made', first, events, key, []],
    ['with an event that was erased', first, [erased, event('e2')], key, []],
    [
      'with content in an erased event',
      first,
      [{ ...erased, after: {} }, event('e2')],
      key,
      [problem('event-changed', { eventId: 'e1' })],
    ],
    [
      'with an event whose salt alone is gone',
      first,
      [{ ...event('e1'), salt: null }, event('e2')],
      key,
      [problem('event-changed', { eventId: 'e1' })],
    ],
    ['with its events the other way round', first, events.toReversed(), key, [problem('seal-broken')]],
    ['with one event', first, events.slice(1), key, [problem('events-missing', { count: 1 })]],
    ['with three', first, [...events, event('e3')], key, [problem('events-added', { count: 1 })]],
    ['of another key', first, events, randomBytes(32), [problem('seal-broken')]],
    ['of a key that is lost', first, events, undefined, [problem('key-lost')]],
    [
      'of another number',
      { ...first, number: 3 },
      events,
      key,
      [problem('seals-missing', { count: 2 }), { kind: 'seal-broken', courseId: 'c1', seal: 3 }],
    ],
    [
      'in another course',
      { ...first, courseId: 'c2' },
      events,
      key,
      [{ kind: 'seal-broken', courseId: 'c2', seal: 1 }],
    ],
  ])('%s', (_what, seal, covered, opened, problems) => {
    expect(judgeSeal(seal, undefined, opened, covered)).toEqual(problems);
  });

  test('covers the one before it', () => {
    const second: StoredSeal = {
      ...{ ...first, id: 'i2', number: 2 },
      mac: macOf(key, { courseId: 'c1', number: 2, previousMac: first.mac, commitments }),
    };
    expect(judgeSeal(second, first, key, events)).toEqual([]);
    expect(judgeSeal(second, { number: 1, mac: 'other' }, key, events)).toEqual([
      { kind: 'seal-broken', courseId: 'c1', seal: 2 },
    ]);
  });
});

test.each<[string, string | undefined, object | undefined]>([
  ['is the same', 'm', undefined],
  ['is another', 'x', { kind: 'head-differs', courseId: 'c1', seal: 7 }],
  ['is not there', undefined, { kind: 'tail-cut', courseId: 'c1', seal: 7 }],
])('a head whose seal %s', (_what, mac, problem) => {
  expect(judgeHead({ courseId: 'c1', number: 7, mac: 'm' }, mac)).toEqual(problem);
});

test.each<[number, number, boolean]>([
  [3, 3, true],
  [3, 2, false],
  [2, 3, false],
  [1, 0, false],
])('%i erased and %i told', (erased, told, isFine) => {
  expect(judgeErasure({ courseId: 'c1', at: 'now', erased, told }) === undefined).toBe(isFine);
});
