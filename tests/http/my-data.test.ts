import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { erasePerson } from '#lib/privacy/erase-person.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { POST } from '../../app/api/my-data/route.ts';
import * as route from '../../app/api/my-data/route.ts';
import { readZip } from '../support/read-zip.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'my-data-'));
  process.env.SK_DATA_DIR = dataDir;
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const tool = useTestProcess();
let anna: SeededMember;
let ben: SeededMember;

beforeEach(async () => {
  const course = await seedCourse(tool.ctx().db);
  anna = await course.addMember('Anna Beispiel');
  ben = await course.addMember('Ben Anders');
});

interface Asked {
  by: SeededMember | undefined;
  person: string;
  headers?: Record<string, string>;
}

async function ask({ by, person, headers = { origin: publicUrl } }: Asked): Promise<Response> {
  const { secrets, now } = tool.ctx();
  const login =
    by === undefined ? '' : await sealLogin(secrets, { personId: by.personId, language: 'de' }, now);
  const request = new Request(`${publicUrl}/api/my-data`, {
    method: 'POST',
    headers: { cookie: `__Host-sk_login=${login}`, accept: 'application/json', ...headers },
    body: new URLSearchParams({ person }),
  });
  return POST(request, undefined);
}

describe('the door of one’s own data', () => {
  test('gives a file to keep, which nobody else stores or guesses at', async () => {
    const answer = await ask({ by: anna, person: anna.personId });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="meine-anwesenheitsdaten.zip"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    const zip = await readZip(Buffer.from(await answer.arrayBuffer()));
    expect(zip.get('data.json')).toContain('Anna Beispiel');
    expect(zip.get('data.json')).not.toMatch(/Ben|Anders/);
  });

  test.each<[string, () => Asked, number, string]>([
    ['signed out', () => ({ by: undefined, person: anna.personId }), 401, 'not-signed-in'],
    ['somebody else', () => ({ by: ben, person: anna.personId }), 403, 'other-person'],
    ['a guessed id', () => ({ by: ben, person: 'x' }), 403, 'other-person'],
    ['no person', () => ({ by: ben, person: '' }), 403, 'other-person'],
    [
      'another site',
      () => ({ by: anna, person: anna.personId, headers: { origin: 'https://elsewhere.example' } }),
      403,
      'wrong-origin',
    ],
    ['a link', () => ({ by: anna, person: anna.personId, headers: {} }), 403, 'wrong-origin'],
    [
      'another site that shows our origin',
      () => ({
        by: anna,
        person: anna.personId,
        headers: { origin: publicUrl, 'sec-fetch-site': 'cross-site' },
      }),
      403,
      'wrong-origin',
    ],
  ])('%s is refused', async (_who, asked, status, code) => {
    const answer = await ask(asked());
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: code });
  });

  test('whoever was erased is signed out', async () => {
    await erasePerson(tool.ctx(), { personId: anna.personId, nameOf: () => 'Erased person 1' });
    expect((await ask({ by: anna, person: anna.personId })).status).toBe(401);
  });

  test('there is no other method', () => {
    expect(Object.keys(route)).toEqual(['POST']);
  });
});
