import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { withClient } from '../support/test-server.ts';
import { compareSchools, watchOperations } from './compare-schools.ts';
import type { School, WatchedOperation } from './compare-schools.ts';
import { isAboutCourses, keyOf } from './distribution.ts';
import type { Key } from './distribution.ts';
import { fillSchool, schoolOf } from './fill-school.ts';

const secrets = { current: randomBytes(32).toString('base64url') };
const databases: TestDatabase[] = [];
let schools: { small: School; large: School };
let watched: { small: WatchedOperation[]; large: WatchedOperation[] };

/**
 * Small tables are read as a whole for good reasons. What is asked here is what the indexes allow: whether row after row
 * can be found by them. `npm run bench -- scale` asks what the planner does in a school of full size.
 */
const byIndex = `set enable_seqscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set jit = off`;

async function schoolWith(fraction: number): Promise<School> {
  const database = await createTestDatabase();
  databases.push(database);
  const size = schoolOf(fraction);
  await fillSchool(database.url, size, () => undefined);
  return { url: database.url, size };
}

beforeAll(async () => {
  process.env.SESSION_SECRET = secrets.current;
  schools = { small: await schoolWith(1 / 400), large: await schoolWith(1 / 100) };
  watched = {
    small: await watchOperations(schools.small, secrets, byIndex),
    large: await watchOperations(schools.large, secrets, byIndex),
  };
}, 180_000);
afterAll(async () => {
  for (const database of databases) await database.drop();
});

test('what people wait for touches the same in a school that is four times as large', async () => {
  const compared = await compareSchools(schools, watched, { bigTable: 50 });
  expect(compared.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`))).toEqual([]);
  // It has watched something.
  expect(compared.filter(({ statements, pages }) => statements === 0 || pages === 0)).toEqual([]);
});

/**
 * What statements say of the course in which they work, should courses be spread over several machines one day. Every
 * other statement names the course itself; docs/scaling.md says what would have to change.
 */
test('statements name their course, but for these', () => {
  const found: Record<string, Partial<Record<Key, number>>> = {};
  const seen = new Set<string>();
  let ofCourse = 0;
  for (const { name, reach, statements } of watched.large) {
    if (reach !== 'course') continue;
    for (const statement of statements) {
      if (seen.has(statement.text) || !isAboutCourses(statement)) continue;
      seen.add(statement.text);
      const key = keyOf(statement.text);
      if (key === 'course') ofCourse += 1;
      else found[name] = { ...found[name], [key]: (found[name]?.[key] ?? 0) + 1 };
    }
  }
  expect(found).toMatchInlineSnapshot(`
    {
      "calendar feed": {
        "other": 1,
      },
      "change the policy": {
        "meeting": 1,
      },
      "check in": {
        "meeting": 1,
      },
      "check somebody in by name": {
        "meeting": 1,
      },
      "decide an excuse": {
        "meeting": 2,
        "other": 2,
      },
      "delete a meeting": {
        "meeting": 3,
      },
      "documents to clean": {
        "other": 2,
      },
      "erasure of a person": {
        "member": 7,
        "other": 5,
      },
      "export of a person": {
        "member": 6,
        "other": 3,
      },
      "first launch of somebody": {
        "member": 1,
      },
      "hand in an excuse": {
        "meeting": 1,
        "member": 2,
      },
      "launch of a student": {
        "member": 1,
      },
      "mails to send": {
        "other": 5,
      },
      "mark": {
        "meeting": 2,
        "other": 2,
      },
      "move a held meeting": {
        "other": 2,
      },
      "my attendance": {
        "member": 1,
      },
      "my data": {
        "other": 1,
      },
      "my excuses": {
        "member": 1,
        "other": 2,
      },
      "my phones": {
        "other": 1,
      },
      "open a check-in": {
        "meeting": 1,
        "other": 1,
      },
      "result of a check-in": {
        "other": 1,
      },
      "review": {
        "meeting": 4,
      },
      "scan a code": {
        "meeting": 1,
      },
      "spot check": {
        "meeting": 1,
        "other": 1,
      },
      "sync of a roster": {
        "other": 2,
      },
    }
  `);
  expect(ofCourse).toBeGreaterThan(60);
});

test('all of it works the same once the log of changes lies in parts, as docs/scaling.md proposes', async () => {
  const script = await readFile('docs/partition-audit-events.sql', 'utf8');
  const year = new Date().getUTCFullYear();
  const statements = script
    .replaceAll('2028', String(year + 2))
    .replaceAll('2027', String(year + 1))
    .replaceAll(/^\s*--.*$/gm, '')
    .split(';')
    .filter((statement) => statement.trim() !== '');
  await withClient(schools.large.url, async (client) => {
    for (const statement of statements) await client.query(statement);
    const { rows } = await client.query<{ parts: number }>(
      `select count(*)::int as parts from pg_inherits where inhparent = 'audit_events'::regclass`,
    );
    expect(rows[0]?.parts).toBe(2);
  });
  const large = await watchOperations(schools.large, secrets, byIndex);
  const compared = await compareSchools(schools, { ...watched, large }, { bigTable: 50 });
  expect(compared.flatMap(({ name, faults }) => faults.map((fault) => `${name}: ${fault}`))).toEqual([]);
}, 120_000);
