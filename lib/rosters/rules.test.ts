import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import { addMs, minuteMs } from '../base/time.ts';
import {
  decideDepartures,
  isConcluded,
  isFresh,
  isWorthRepeating,
  meansNotGranted,
  turnOfNight,
} from './rules.ts';
import type { CompleteList } from './rules.ts';

const now = new Date('2026-11-28T08:00:00Z');
const lastList = addMs(now, -60 * minuteMs);
const before = (minutes: number) => addMs(lastList, -minutes * minuteMs);

const list = (change: Partial<CompleteList>): CompleteList => ({
  enrolled: 31,
  missing: [],
  previousAt: lastList,
  isConcluded: false,
  ...change,
});
const missing = (count: number, missingSince: Date | null) =>
  Array.from({ length: count }, (_, n) => ({ membershipId: `m${String(n)}`, missingSince }));
const tally = (given: CompleteList) => {
  const { noted, ended, held } = decideDepartures(given);
  return { noted: noted.length, ended: ended.length, held };
};

describe('a complete list', () => {
  test.each<[string, Partial<CompleteList>, ReturnType<typeof tally>]>([
    ['with everybody on it', {}, { noted: 0, ended: 0, held: null }],
    ['that misses one for the first time', { missing: missing(1, null) }, { noted: 1, ended: 0, held: null }],
    ['that misses them again', { missing: missing(1, lastList) }, { noted: 0, ended: 1, held: null }],
    [
      'that misses them for the fifth time',
      { missing: missing(1, before(90)) },
      { noted: 0, ended: 1, held: null },
    ],
    [
      'beside another that is not over yet, and missed them too',
      { missing: missing(1, addMs(now, -1)) },
      { noted: 0, ended: 0, held: null },
    ],
    [
      'after none that was whole',
      { missing: missing(1, lastList), previousAt: null },
      { noted: 0, ended: 0, held: null },
    ],
    ['that misses six of 31', { missing: missing(6, lastList) }, { noted: 0, ended: 6, held: null }],
    ['that misses seven of 31', { missing: missing(7, lastList) }, { noted: 0, ended: 0, held: 'many' }],
    [
      'that misses exactly a fifth',
      { enrolled: 5, missing: missing(1, lastList) },
      { noted: 0, ended: 1, held: null },
    ],
    [
      'that misses one of four',
      { enrolled: 4, missing: missing(1, lastList) },
      { noted: 0, ended: 0, held: 'many' },
    ],
    ['that is empty', { missing: missing(31, null) }, { noted: 31, ended: 0, held: 'many' }],
    [
      'of a course that is over',
      { missing: missing(1, lastList), isConcluded: true },
      { noted: 0, ended: 0, held: 'concluded' },
    ],
    [
      'of a course that is over, with everybody on it',
      { isConcluded: true },
      { noted: 0, ended: 0, held: null },
    ],
  ])('%s', (_what, change, expected) => {
    expect(tally(list(change))).toEqual(expected);
  });

  test('never ends whom it misses for the first time, nor more than a fifth, nor anybody while it holds', () => {
    const since = fc.constantFrom(null, before(10), lastList, addMs(now, -1));
    fc.assert(
      fc.property(
        fc.array(since, { maxLength: 60 }),
        fc.nat({ max: 60 }),
        fc.boolean(),
        (sinces, present, isOver) => {
          const given = list({
            enrolled: sinces.length + present,
            missing: sinces.map((missingSince, n) => ({ membershipId: String(n), missingSince })),
            isConcluded: isOver,
          });
          const { noted, ended, held } = decideDepartures(given);
          expect(noted).toEqual(sinces.flatMap((at, n) => (at === null ? [String(n)] : [])));
          expect(ended.filter((id) => noted.includes(id))).toEqual([]);
          expect(ended.length * 5).toBeLessThanOrEqual(given.enrolled);
          if (held !== null) expect(ended).toEqual([]);
        },
      ),
    );
  });
});

test.each([
  [null, false],
  ['available', false],
  ['created', false],
  ['completed', true],
  ['deleted', true],
])('a course whose platform calls it %s is over: %s', (state, is) => {
  expect(isConcluded(state)).toBe(is);
});

test.each([
  ['never', null, false],
  ['nine minutes ago', addMs(now, -9 * minuteMs), true],
  ['ten minutes ago', addMs(now, -10 * minuteMs), false],
])('a roster read %s is fresh: %s', (_when, at, is) => {
  expect(isFresh(at, now)).toBe(is);
});

test('every course has its turn within four hours', () => {
  expect(turnOfNight(now, 0)).toEqual(now);
  expect(turnOfNight(now, 0.999).getTime()).toBeLessThan(addMs(now, 240 * minuteMs).getTime());
});

describe('a refusal', () => {
  const answer = (facts: AppError['facts']) => new AppError('platform-answer', facts);
  test.each<[string, AppError, { notGranted: boolean; repeat: boolean }]>([
    [
      'of the scope',
      answer({ at: 'token', status: 400, error: 'invalid_scope', scope: 's' }),
      { notGranted: true, repeat: false },
    ],
    [
      'of the scope, without a word',
      answer({ at: 'token', reason: 'scope not granted', scope: 's' }),
      { notGranted: true, repeat: false },
    ],
    [
      'of the client',
      answer({ at: 'token', status: 401, error: 'invalid_client' }),
      { notGranted: true, repeat: false },
    ],
    ['of the token', answer({ at: 'members', status: 401 }), { notGranted: true, repeat: false }],
    ['of the list', answer({ at: 'members', status: 403 }), { notGranted: true, repeat: false }],
    [
      'for being too much, as Canvas says it',
      answer({ at: 'members', status: 403, throttled: true }),
      { notGranted: false, repeat: true },
    ],
    [
      'for being too much',
      answer({ at: 'members', status: 429, throttled: true }),
      { notGranted: false, repeat: true },
    ],
    ['by a fault', answer({ at: 'members', status: 502 }), { notGranted: false, repeat: true }],
    [
      'because there is no such course',
      answer({ at: 'members', status: 404 }),
      { notGranted: false, repeat: false },
    ],
    [
      'by a list that cannot be read',
      answer({ at: 'members', reason: 'unreadable' }),
      { notGranted: false, repeat: false },
    ],
    [
      'by silence',
      new AppError('platform-unreachable', { at: 'members' }),
      { notGranted: false, repeat: true },
    ],
    ['of the address', new AppError('address-refused'), { notGranted: false, repeat: false }],
    ['because the course moves', new AppError('conflict'), { notGranted: false, repeat: true }],
  ])('%s', (_what, error, expected) => {
    expect({ notGranted: meansNotGranted(error), repeat: isWorthRepeating(error) }).toEqual(expected);
  });
});
