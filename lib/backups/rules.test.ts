import { expect, test } from 'vitest';
import {
  chooseOutdated,
  chooseProgram,
  compareRows,
  connectionVariables,
  erasedSince,
  fingerprintsOf,
} from './rules.ts';
import type { FoundBackup, LineSafety } from './rules.ts';

const at = { PGHOST: 'h', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'a' };

test.each<[string, [address: string, safety?: Partial<LineSafety>], object]>([
  [
    'an address with all in it',
    ['postgres://me:p%40ss@db.example:6543/att%20endance?sslmode=require'],
    {
      ...{ PGHOST: 'db.example', PGPORT: '6543', PGUSER: 'me', PGDATABASE: 'att endance' },
      ...{ PGPASSWORD: 'p@ss', PGSSLMODE: 'require' },
    },
  ],
  [
    'an address with little in it',
    ['postgres://me@localhost'],
    { PGHOST: 'localhost', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'me' },
  ],
  [
    'a socket',
    ['postgres:///attendance?host=/run/postgresql&user=me'],
    { PGHOST: '/run/postgresql', PGPORT: '5432', PGUSER: 'me', PGDATABASE: 'attendance' },
  ],
  ['IPv6', ['postgres://me@[::1]:5433/a'], { PGHOST: '::1', PGPORT: '5433', PGUSER: 'me', PGDATABASE: 'a' }],
  [
    'settings that know better than the address',
    ['postgres://me@h/a?sslmode=disable', { tls: 'verify', caFile: '/ca.pem' }],
    { ...at, PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem' },
  ],
  [
    'an authority alone',
    ['postgres://me@h/a', { caFile: '/ca.pem' }],
    { ...at, PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem' },
  ],
  [
    'an authority that is not to count',
    ['postgres://me@h/a', { tls: 'require', caFile: '/ca.pem' }],
    { ...at, PGSSLMODE: 'require' },
  ],
  [
    'an address that wants the usual authorities',
    ['postgres://me@h/a?sslmode=verify-full'],
    { ...at, PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/usual.pem' },
  ],
  [
    'an address that names the usual authorities',
    ['postgres://me@h/a?sslmode=verify-full&sslrootcert=system'],
    { ...at, PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/usual.pem' },
  ],
  [
    'an authority in the address',
    ['postgres://me@h/a?sslmode=require&sslrootcert=/ca.pem'],
    { ...at, PGSSLMODE: 'verify-ca', PGSSLROOTCERT: '/ca.pem' },
  ],
  ['what falls back elsewhere', ['postgres://me@h/a?sslmode=prefer'], { ...at, PGSSLMODE: 'require' }],
  [
    'an address with an older word',
    ['postgres://me@h/a?ssl=true'],
    { ...at, PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/usual.pem' },
  ],
  [
    'a certificate of our own',
    ['postgres://me@h/a?sslmode=require&sslcert=/c.pem&sslkey=/k.pem'],
    { ...at, PGSSLMODE: 'require', PGSSLCERT: '/c.pem', PGSSLKEY: '/k.pem' },
  ],
])('libpq is told of %s', (_what, [address, safety], expected) => {
  const none = { tls: undefined, caFile: undefined, usualAuthorities: '/usual.pem' };
  expect(connectionVariables(address, { ...none, ...safety })).toEqual(expected);
});

test('the oldest program that is new enough is taken', () => {
  const found = [{ major: 18 }, { major: 15 }, { major: 16 }];
  expect(chooseProgram(found, 16)).toEqual({ major: 16 });
  expect(chooseProgram(found, 13)).toEqual({ major: 15 });
  expect(chooseProgram(found, 19)).toBeUndefined();
});

test('a fingerprint tells two secrets apart, and neither', () => {
  const [one, other] = fingerprintsOf({ current: 'a'.repeat(40), previous: 'b'.repeat(40) });
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(one).not.toBe(other);
  expect(fingerprintsOf({ current: 'a'.repeat(40) })).toEqual([one]);
});

const backup = (name: string, day: string, others: Partial<FoundBackup> = {}): FoundBackup => ({
  ...{ name, tool: 'https://tool.example', startedAt: new Date(day), isWhole: true },
  ...others,
});

test('what is too old or broken off goes, if it is ours; the newest stays', () => {
  const found = [
    backup('old', '2026-11-01'),
    backup('old-of-another-tool', '2026-11-01', { tool: 'https://other.example' }),
    backup('nobody-knows', '2026-11-01', { tool: undefined, startedAt: undefined, isWhole: false }),
    backup('just-kept', '2026-11-12T01:00:00Z'),
    backup('broken-off', '2026-11-25', { isWhole: false }),
    backup('broken-off-of-another', '2026-11-25', { isWhole: false, tool: 'https://other.example' }),
    backup('newest', '2026-11-26T01:00:00Z'),
  ];
  const given = { tool: 'https://tool.example', newest: 'newest', keepDays: 14 };
  expect(chooseOutdated(found, { ...given, now: new Date('2026-11-26T01:00:00Z') })).toEqual([
    'old',
    'broken-off',
  ]);
  // A clock that is years ahead deletes all but the newest.
  expect(chooseOutdated(found, { ...given, now: new Date('2036-01-01') })).not.toContain('newest');
});

test('tables whose rows differ are named, also those that are missing or surplus', () => {
  expect(compareRows({ a: 1, b: 2, c: 3 }, { a: 1, b: 1, d: 4 })).toEqual([
    { table: 'b', expected: 2, found: 1 },
    { table: 'c', expected: 3, found: 0 },
    { table: 'd', expected: 0, found: 4 },
  ]);
});

test('who was erased after a backup is known from later ones alone', () => {
  const taken = { startedAt: '2026-11-20T01:00:00.000Z', erasedPeople: ['a'] };
  const earlier = { startedAt: '2026-11-19T01:00:00.000Z', erasedPeople: ['x'] };
  const later = { startedAt: '2026-11-21T01:00:00.000Z', erasedPeople: ['a', 'b'] };
  const latest = { startedAt: '2026-11-22T01:00:00.000Z', erasedPeople: ['a', 'b', 'c'] };
  expect(erasedSince(taken, [earlier, taken, later, latest])).toEqual(['b', 'c']);
});
