import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createNumbering, withoutOthers } from './rules.ts';

const own = '01a2172e-36ef-7504-a176-f36ec7a2d207';
const others = '01a2172e-3686-760e-94e4-928d53a65b3d';
const known = new Set([own]);

test.each<[string, unknown, unknown]>([
  ['a field that names somebody else', { personId: others, status: 'late' }, { status: 'late' }],
  ['a field that names oneself', { personId: own }, { personId: own }],
  ['a list', { ids: [own, others] }, { ids: [own] }],
  [
    'what lies deeper',
    { merged: { from: [{ personId: others, note: 'x' }] } },
    { merged: { from: [{ note: 'x' }] } },
  ],
  ['a key', { [others]: 1, [own]: 2 }, { [own]: 2 }],
  ['capitals', { personId: others.toUpperCase() }, {}],
  ['an id alone', others, undefined],
  ['what is no id', { a: null, b: 1, c: true, d: 'text' }, { a: null, b: 1, c: true, d: 'text' }],
  ['nothing', null, null],
])('%s', (_what, given, left) => {
  expect(withoutOthers(given, known)).toEqual(left);
});

test('whatever the log holds, no id of others is left, and one’s own stays', () => {
  const idsIn = (value: unknown) => JSON.stringify(value ?? null).match(/[0-9a-f-]{36}/gi) ?? [];
  fc.assert(
    fc.property(fc.jsonValue(), fc.array(fc.uuid()), (value, ids) => {
      const left = withoutOthers({ value, ids, one: ids[0], own }, known);
      expect(idsIn(left)).toEqual([own]);
    }),
  );
});

test('the same thing has the same number, in the order in which they come', () => {
  const number = createNumbering();
  expect(['b', null, 'a', 'b', 'c', null].map(number)).toEqual([1, null, 2, 1, 3, null]);
});
