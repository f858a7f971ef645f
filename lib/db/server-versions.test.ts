import type pg from 'pg';
import { expect, test } from 'vitest';
import { judgeVersion } from './server-versions.ts';

const server = (name: string, number: number) => ({
  query: (() => Promise.resolve({ rows: [{ name, number }] })) as unknown as pg.Client['query'],
});

test.each([
  ['13.23', 130_023],
  ['18.4 (Debian 18.4-1.pgdg120+1)', 180_004],
])('PostgreSQL %s is one of those that were tested', async (name, number) => {
  await expect(judgeVersion(server(name, number))).resolves.toEqual([]);
});

test.each([
  ['12.22', 120_022],
  ['9.6.24', 90_624],
])('PostgreSQL %s is refused, by one sentence', async (name, number) => {
  await expect(judgeVersion(server(name, number))).rejects.toMatchObject({
    name: 'DatabaseSetupError',
    message: `The database runs PostgreSQL ${name}. This program needs 13 or later.`,
  });
});

test('a newer one than was tested serves, with a warning', async () => {
  await expect(judgeVersion(server('19beta1', 190_000))).resolves.toEqual([
    'The database runs PostgreSQL 19beta1; the program was tested up to 18.',
  ]);
});
