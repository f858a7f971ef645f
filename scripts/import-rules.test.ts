import { spawnSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

// Each import rule against a file that breaks it, and a house that breaks none: a rule with a mistyped
// path would pass for ever.
const root = resolve(`.data/test/import-rules-${String(process.pid)}`);

const sound: Record<string, string> = {
  'app/page.tsx': `import { loadRegister } from '#lib/register/load-register.ts'; import next from 'next/link';
    export default [loadRegister, next];`,
  'lib/base/env.ts': 'export const env = 1;',
  'lib/base/time.ts': 'export const minute = 60;',
  'lib/i18n/translator.ts': `import { minute } from '../base/time.ts'; export const t = minute;`,
  'lib/db/schema.ts': `import { pgTable } from 'drizzle-orm/pg-core'; export const table = pgTable; export type Row = 1;`,
  'lib/db/client.ts': `import pg from 'pg'; export const db = pg;`,
  'lib/lti/launch.ts': `import { z } from 'zod'; import 'jose'; import 'node:crypto'; import '../base/time.ts'; export const l = z;`,
  'lib/register/rules.ts': `import { createHmac } from 'node:crypto'; import { Temporal } from 'temporal-polyfill';
    import type { Row } from '../db/schema.ts'; import { minute } from '../base/time.ts';
    export const decide = (row: Row) => [row, minute, createHmac, Temporal];`,
  'lib/register/input.ts': `import { z } from 'zod'; export const input = z;`,
  'lib/register/queries.ts': `import { eq } from 'drizzle-orm'; import { table } from '../db/schema.ts';
    export const selectRegister = [eq, table];`,
  'lib/register/load-register.ts': `import { selectRegister } from './queries.ts'; import { decide } from './rules.ts';
    import { input } from './input.ts'; export const loadRegister = [selectRegister, decide, input];`,
  'lib/register/load-register.test.ts': `import { table } from '../db/schema.ts'; import 'vitest'; export const t = table;`,
  'lib/http/answer.ts': `import { headers } from 'next/headers'; import { db } from '../db/client.ts';
    import { loadRegister } from '../register/load-register.ts'; export const answer = [headers, db, loadRegister];`,
  'lib/cli/main.ts': `import { loadRegister } from '../register/load-register.ts'; export const main = loadRegister;`,
  'demo/main.ts': `import { Hono } from 'hono'; export const demo = Hono;`,
  'middleware.ts': `import { NextResponse } from 'next/server'; export const middleware = NextResponse;`,
  'instrumentation.ts': `import { answer } from '#lib/http/answer.ts'; export const register = answer;`,
  'tests/db/register.test.ts': `import { table } from '#lib/db/schema.ts'; import { demo } from '../../demo/main.ts'; export const t = [table, demo];`,
};

const broken: [rule: string, file: string, text: string][] = [
  ['resolvable', 'lib/register/lost.ts', `import './nowhere.ts';`],
  ['no-circle', 'lib/register/one.ts', `import { two } from './two.ts'; export const one = () => two;`],
  [
    'staircase',
    'lib/i18n/climbs.ts',
    `import type { climbs } from '../stairs/climbs.ts'; export type C = typeof climbs;`,
  ],
  ['pages-ask-use-cases', 'app/reads.ts', `import '#lib/register/queries.ts';`],
  ['pages-ask-use-cases', 'lib/http/reads.ts', `import '../register/queries.ts';`],
  ['pages-ask-use-cases', 'lib/cli/reads.ts', `import '../register/queries.ts';`],
  [
    'app-without-database',
    'app/connects.ts',
    `import type { db } from '#lib/db/client.ts'; export type D = typeof db;`,
  ],
  ['next-at-the-doors', 'lib/register/redirects.ts', `import 'next/navigation';`],
  ['next-at-the-doors', 'demo/redirects.ts', `import 'next/navigation';`],
  ['sql-in-queries', 'lib/register/sql.ts', `import { sql } from 'drizzle-orm'; export const s = sql;`],
  ['sql-in-queries', 'lib/http/sql.ts', `import type { SQL } from 'drizzle-orm'; export type S = SQL;`],
  [
    'tables-in-queries',
    'lib/register/tables.ts',
    `import { table } from '../db/schema.ts'; export const t = table;`,
  ],
  ['connections-in-db', 'lib/register/connects.ts', `import pg from 'pg'; export const p = pg;`],
  ['lti-is-a-library', 'lib/lti/remembers.ts', `import '../db/client.ts';`],
  ['lti-is-a-library', 'lib/lti/fetches.ts', `import 'node:https';`],
  ['lti-is-a-library', 'lib/lti/logs.ts', `import 'pino';`],
  [
    'base-is-the-ground',
    'lib/base/digs.ts',
    `import type { t } from '../i18n/translator.ts'; export type T = typeof t;`,
  ],
  ['sentences-stand-alone', 'lib/i18n/reads.ts', `import '../register/load-register.ts';`],
  ['nothing-below-imports-the-doors', 'lib/register/answers.ts', `import '../http/answer.ts';`],
  ['nothing-below-imports-the-doors', 'lib/register/shows.ts', `import '../../app/page.tsx';`],
  ['doors-stand-apart', 'lib/cli/answers.ts', `import '../http/answer.ts';`],
  ['doors-stand-apart', 'lib/http/shows.ts', `import '../../app/page.tsx';`],
  ['rules-cannot-act', 'lib/acts/rules.ts', `import '../register/queries.ts';`],
  ['rules-cannot-act', 'lib/writes/rules.ts', `import 'node:fs/promises';`],
  ['rules-read-nothing', 'lib/reads/rules.ts', `import '../base/env.ts';`],
  ['input-is-a-shape', 'lib/acts/input.ts', `import '../register/load-register.ts';`],
  ['input-reads-nothing', 'lib/reads/input.ts', `import '../base/env.ts';`],
  ['demo-is-the-other-side', 'demo/peeks.ts', `import '../lib/lti/launch.ts';`],
  ['product-without-demo-and-tests', 'app/leans.ts', `import '../demo/main.ts';`],
  ['product-without-demo-and-tests', 'lib/register/leans.ts', `import '../../tests/db/register.test.ts';`],
  ['product-without-development-packages', 'lib/register/develops.ts', `import 'hono';`],
];

const report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    totalCruised: z.number(),
  }),
});

async function cruise(name: string, files: Record<string, string>) {
  const folder = join(root, name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  for (const shared of ['node_modules', 'package.json', 'tsconfig.json']) {
    await symlink(resolve(shared), join(folder, shared));
  }
  const ran = spawnSync(
    process.execPath,
    [
      resolve('node_modules/.bin/depcruise'),
      ...['--config', resolve('.dependency-cruiser.mjs'), '--output-type', 'json'],
      ...['app', 'lib', 'demo', 'tests', 'middleware.ts', 'instrumentation.ts'],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  return report.parse(JSON.parse(ran.stdout)).summary;
}

beforeAll(() => mkdir(root, { recursive: true }));
afterAll(() => rm(root, { recursive: true, force: true }));

test('a sound house passes', async () => {
  const found = await cruise('sound', sound);
  expect(found.violations).toEqual([]);
  expect(found.totalCruised).toBeGreaterThan(Object.keys(sound).length);
});

test('each rule finds the file that breaks it, and every rule has such a file', async () => {
  const found = await cruise('broken', {
    ...sound,
    'lib/register/two.ts': `import { one } from './one.ts'; export const two = () => one;`,
    'lib/stairs/climbs.ts': `import { t } from '../i18n/translator.ts'; export const climbs = t;`,
    ...Object.fromEntries(broken.map(([, file, text]) => [file, text])),
  });
  const pairs = found.violations.map(({ rule, from }) => `${rule.name}: ${from}`);
  for (const [rule, file] of broken) {
    expect(pairs).toContain(`${rule}: ${rule === 'staircase' ? dirname(file) : file}`);
  }
  const { default: config } = (await import(resolve('.dependency-cruiser.mjs'))) as {
    default: { forbidden: { name: string }[] };
  };
  expect(new Set(broken.map(([rule]) => rule))).toEqual(new Set(config.forbidden.map(({ name }) => name)));
});
