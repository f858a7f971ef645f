import { setTimeout as delay } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { createOutsideFetch } from '#lib/base/outside-fetch.ts';
import { openDatabase } from '#lib/db/client.ts';
import { courses, platforms } from '#lib/db/schema.ts';
import { namesAndRolesScope } from '#lib/lti/names-and-roles.ts';
import { createServiceClient } from '#lib/lti/service-client.ts';
import { findCourseOnPlatform } from '#lib/courses/find-course.ts';
import { readRoster } from '#lib/rosters/read-roster.ts';
import type { RosterMeans } from '#lib/rosters/read-roster.ts';
import { syncRoster } from '#lib/rosters/sync-roster.ts';
import { freePort } from '../support/free-port.ts';
import { seedCourse } from '../support/seed-course.ts';
import { json, startRecordingServer, vocabulary } from '../support/test-platform.ts';
import type { Answer } from '../support/test-platform.ts';
import { median, timed } from './figures.ts';
import type { Note } from './figures.ts';
import { recordStatements } from './statements.ts';
import { startBenchTool } from './tool.ts';

/** As Canvas: no more on a page. */
const perPage = 50;
const rounds = 5;
/** How long a quick Canvas takes for a page. */
const pageMs = 100;

/** A roster of 5,000 against one of 500, and against reading the platform's pages without keeping them. */
export async function benchRoster(note: Note): Promise<void> {
  const tool = await startBenchTool();
  const platform = await startRecordingServer(await freePort());
  const services = createServiceClient({
    fetchOutside: createOutsideFetch({
      allowPrivateHosts: [new URL(platform.url).host],
      ownOrigin: tool.url,
    }),
    now: () => new Date(),
    wait: (ms, calledOff) => delay(ms, undefined, { signal: calledOff }),
    random: () => 0,
  });
  const means: RosterMeans = { services, canvas: undefined, now: () => new Date() };
  const token = { access_token: 'sample', token_type: 'Bearer', expires_in: 3600, scope: namesAndRolesScope };
  platform.on('/token', json(token));
  try {
    const courseWith = async (members: number, answersAfterMs = 0) => {
      const course = await seedCourse(tool.db);
      const list = `/roster-${String(members)}-${course.courseId}`;
      platform.on(list, rosterOf(members, `${platform.url}${list}`, answersAfterMs));
      await tool.db
        .update(platforms)
        .set({ tokenUrl: `${platform.url}/token` })
        .where(eq(platforms.id, course.platformId));
      await tool.db
        .update(courses)
        .set({ namesAndRolesUrl: `${platform.url}${list}` })
        .where(eq(courses.id, course.courseId));
      return course.courseId;
    };
    const sync = (courseId: string, db = tool.db) =>
      syncRoster(tool.as(undefined, db), { courseId, askedBy: 'operator' }, means);
    const readAlone = async (courseId: string) => {
      const found = await findCourseOnPlatform({ db: tool.db }, courseId);
      if (found === undefined) throw new Error('the course is there');
      let seen = 0;
      for await (const page of readRoster(tool.as(undefined), found, 'nrps', means)) seen += page.listed;
      return seen;
    };

    const [small, large] = [await courseWith(500), await courseWith(5_000)];
    // First syncs write everybody; the later ones, which come each day, find them known.
    const first = { small: await timed(() => sync(small)), large: await timed(() => sync(large)) };
    note('first sync of 5,000 to ten of 500', first.large / (10 * first.small), 'ratio', 1.5);
    const times = { small: [] as number[], large: [] as number[], pages: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      times.small.push(await timed(() => sync(small)));
      times.large.push(await timed(() => sync(large)));
      times.pages.push(await timed(() => readAlone(large)));
    }
    note('sync of 5,000 to ten of 500', median(times.large) / (10 * median(times.small)), 'ratio', 1.5);
    note('sync of 5,000 to reading its pages', median(times.large) / median(times.pages), 'ratio');
    const slow = await courseWith(1_000, pageMs);
    await sync(slow);
    const [whole, pages] = [await timed(() => sync(slow)), await timed(() => readAlone(slow))];
    note(`sync to reading its pages, ${String(pageMs)} ms each`, whole / pages, 'ratio', 1.5);

    const statementsOf = async (courseId: string) =>
      (await recordStatements(tool.databaseUrl, (db) => sync(courseId, db))).length;
    const [few, many] = [await statementsOf(small), await statementsOf(large)];
    note('statements a page', (many - few) / ((5_000 - 500) / perPage), 'statements');

    note(
      'memory that a sync of 5,000 adds at most',
      await addedMemory(tool.databaseUrl, large, sync),
      'MB',
      30,
    );
  } finally {
    await platform.close();
    await tool.stop();
  }
}

/** By how much the heap is larger while a sync runs than before it, at most: looked at before each transaction. */
async function addedMemory(
  databaseUrl: string,
  courseId: string,
  sync: (courseId: string, db: ReturnType<typeof openDatabase>['db']) => Promise<unknown>,
): Promise<number> {
  const heap = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1_000_000;
  };
  const database = openDatabase(databaseUrl, { poolMax: 2, onIdleError: () => undefined });
  let most = 0;
  database.pool.on('acquire', () => {
    most = Math.max(most, heap());
  });
  const before = heap();
  await sync(courseId, database.db);
  await database.close();
  return Math.max(0, most - before);
}

/** A roster in pages, as LTI Names and Roles gives it. */
function rosterOf(members: number, url: string, answersAfterMs: number): Answer {
  return async (request, response) => {
    if (answersAfterMs > 0) await delay(answersAfterMs);
    const page = Number(new URL(request.url ?? '', url).searchParams.get('page') ?? '0');
    const isLast = (page + 1) * perPage >= members;
    response.writeHead(200, {
      'content-type': 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
      ...(isLast ? {} : { link: `<${url}?page=${String(page + 1)}>; rel="next"` }),
    });
    response.end(
      JSON.stringify({
        id: url,
        context: { id: 'course' },
        members: Array.from({ length: Math.min(perPage, members - page * perPage) }, (_, index) => {
          const number = String(page * perPage + index);
          return {
            status: 'Active',
            user_id: `member ${number} of ${url}`,
            roles: [`${vocabulary}/membership#Learner`],
            name: `Kim Muster ${number}`,
            given_name: 'Kim',
            family_name: `Muster ${number}`,
          };
        }),
      }),
    );
  };
}
