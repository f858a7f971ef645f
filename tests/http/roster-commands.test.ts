import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { courses, deployments, platforms } from '#lib/db/schema.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { freePort } from '../support/free-port.ts';
import { runCli } from '../support/run-cli.ts';
import { seedCourse } from '../support/seed-course.ts';
import { testSecrets, useTestContext } from '../support/test-context.ts';
import { json, startRecordingServer, vocabulary } from '../support/test-platform.ts';
import type { RecordingServer } from '../support/test-platform.ts';

const tool = useTestContext();
let platform: RecordingServer;
let platformId: string | undefined;

const member = (sub: string) => ({ user_id: sub, roles: [`${vocabulary}/membership#Learner`] });

beforeAll(async () => {
  await keepToolKey(tool.ctx);
  platform = await startRecordingServer(await freePort());
  platform.on('/token', json({ access_token: 't', token_type: 'Bearer' }));
  platform.on(
    '/anatomy',
    json({ members: [member('a'), member('b'), { ...member('c'), roles: ['Outsider'] }] }),
  );
  platform.on('/gone', json({}, 404));
});
afterAll(() => platform.close());

async function openCourse(title: string, list: string | null) {
  const seeded = await seedCourse(tool.ctx.db, platformId === undefined ? {} : { platformId });
  ({ platformId } = seeded);
  await tool.ctx.db
    .update(platforms)
    .set({ issuer: platform.url, tokenUrl: `${platform.url}/token` })
    .where(eq(platforms.id, platformId));
  const namesAndRolesUrl = list === null ? null : platform.url + list;
  await tool.ctx.db
    .update(courses)
    .set({ title, contextId: title.toLowerCase(), namesAndRolesUrl, canvasCourseId: null })
    .where(eq(courses.id, seeded.courseId));
  return seeded.courseId;
}

function cli(...words: string[]) {
  const settings = {
    DATABASE_URL: tool.database.url,
    SESSION_SECRET: testSecrets.current,
    PUBLIC_URL: 'https://tool.example',
    ALLOW_PRIVATE_HOSTS: new URL(platform.url).host,
  };
  return runCli(settings, words);
}
const asJson = async (...words: string[]) => JSON.parse((await cli(...words, '--json')).out) as unknown;

test('an operator reads rosters, and what came of them', async () => {
  const anatomy = await openCourse('Anatomy', '/anatomy');
  const gone = await openCourse('Botany', '/gone');
  const unlisted = await openCourse('Chemistry', null);

  expect(await cli('roster', 'log', 'anatomy')).toMatchObject({
    code: 0,
    out: 'The list has never been read.\n',
  });
  const first = await cli('roster', 'sync', 'anatomy');
  expect(first).toMatchObject({ code: 0, said: '' });
  expect(first.out).toMatch(/^Anatomy: 2 of 3 members, 2 new, 0 left, \d+\.\d s\n$/);

  const all = await cli('roster', 'sync', '--all');
  expect(all).toMatchObject({ code: 1, out: '' });
  expect(all.said).toMatch(/Anatomy: 2 of 3 members, 0 new, 0 left/);
  expect(all.said).toMatch(/Botany: failed \(platform-answer, 404\)\. Nobody was taken off\./);
  expect(all.said).not.toMatch(/Chemistry/);

  expect(await asJson('roster', 'sync', anatomy, gone, unlisted)).toMatchObject([
    {
      courseId: anatomy,
      outcome: 'complete',
      source: 'nrps',
      pages: 1,
      listed: 3,
      kept: 2,
      joined: 0,
      departed: 0,
    },
    { courseId: gone, outcome: 'failed', problem: 'platform-answer', status: 404 },
    { courseId: unlisted, outcome: 'not-offered' },
  ]);
  const log = await cli('roster', 'log', gone);
  expect(log.out).toMatch(/operator +nrps +failed \(platform-answer, 404\)\n.*operator/);
  expect(await asJson('roster', 'log', anatomy)).toMatchObject({
    isOffered: true,
    past: [{ state: 'complete' }, { state: 'complete' }, { state: 'complete', joined: 2 }],
  });
});

test.each<[string, string[], number, RegExp]>([
  ['no course', ['sync'], 2, /Name the courses, or say --all\.[^]*roster sync \[COURSE…\]/],
  ['courses and --all', ['sync', 'x', '--all'], 2, /Name the courses, or say --all/],
  ['an unknown course', ['sync', 'nowhere'], 1, /No course is called nowhere/],
  ['an unknown course in the log', ['log', 'nowhere'], 1, /No course is called nowhere/],
  ['two courses in the log', ['log', 'a', 'b'], 2, /Too much: b/],
])('%s is answered in words', async (_what, words, code, said) => {
  const ended = await cli('roster', ...words);
  expect(ended.code).toBe(code);
  expect(ended.said).toMatch(said);
});

test('a name that two courses have is not guessed', async () => {
  const ids = [await openCourse('Twice', '/anatomy'), await openCourse('Twice', '/anatomy')];
  const { code, said } = await cli('roster', 'sync', 'twice');
  expect(code).toBe(1);
  for (const id of ids) expect(said).toContain(id);
});

test('courses of an installation that is not admitted are left alone by --all', async () => {
  const waiting = await openCourse('Waiting', '/anatomy');
  const [course] = await tool.ctx.db.select().from(courses).where(eq(courses.id, waiting));
  await tool.ctx.db
    .update(deployments)
    .set({ approvedAt: null })
    .where(eq(deployments.id, course?.deploymentId ?? ''));
  expect((await cli('roster', 'sync', '--all')).said).not.toMatch(/Waiting/);
});
