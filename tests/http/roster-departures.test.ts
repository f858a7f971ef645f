import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOutsideFetch } from '#lib/base/outside-fetch.ts';
import { newId } from '#lib/base/ids.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import * as schema from '#lib/db/schema.ts';
import type { Role } from '#lib/db/schema.ts';
import { claimNames } from '#lib/lti/claim-names.ts';
import { createServiceClient } from '#lib/lti/service-client.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { confirmDepartures } from '#lib/rosters/confirm-departures.ts';
import { loadRosterLog } from '#lib/rosters/load-roster-log.ts';
import { syncRoster } from '#lib/rosters/sync-roster.ts';
import { freePort } from '../support/free-port.ts';
import { seedCourse } from '../support/seed-course.ts';
import { testSecrets, useTestContext } from '../support/test-context.ts';
import { json, startRecordingServer, vocabulary } from '../support/test-platform.ts';
import type { RecordingServer } from '../support/test-platform.ts';

// A platform of the test's own: its list is what the test says, a page of fifty at a time.
const tool = useTestContext();
const pageSize = 50;
const learner = `${vocabulary}/membership#Learner`;
const testUser = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';
const { courses, memberships, membershipSpans, people, rosterSyncs } = schema;

let platform: RecordingServer;
let platformId: string;
let services: ReturnType<typeof createServiceClient>;
/** Whom the platform lists. */
let listed: { sub: string; roles: string[]; state?: string }[];
/** What happens before a page is answered. */
let beforePage: (page: number) => Promise<boolean>;

const students = (count: number, first = 0) =>
  Array.from({ length: count }, (_, n) => ({ sub: `s-${String(first + n)}`, roles: [learner] }));

beforeAll(async () => {
  // The log tells whether Canvas' REST API could be asked, which the settings say.
  Object.assign(process.env, { SESSION_SECRET: testSecrets.current });
  await keepToolKey(tool.ctx);
  const port = await freePort();
  platform = await startRecordingServer(port);
  platform.on('/token', json({ access_token: 't', token_type: 'Bearer', expires_in: 3600 }));
  platform.on('/members', async (request, response) => {
    const at = Number(new URL(request.url ?? '', platform.url).searchParams.get('page') ?? '0');
    if (!(await beforePage(at))) {
      response.writeHead(404).end();
      return;
    }
    const members = listed.slice(at * pageSize, (at + 1) * pageSize).map(({ sub, roles, state }) => ({
      user_id: sub,
      name: `Name of ${sub}`,
      roles,
      status: 'Active',
      ...(state !== undefined && { message: [{ [claimNames.custom]: { course_state: state } }] }),
    }));
    const next = `<${platform.url}/members?page=${String(at + 1)}>; rel="next"`;
    response
      .setHeader('content-type', 'application/json')
      .setHeader('link', (at + 1) * pageSize < listed.length ? next : '')
      .end(JSON.stringify({ id: '', context: { id: 'c' }, members }));
  });
  const fetchOutside = createOutsideFetch({
    allowPrivateHosts: [new URL(platform.url).host],
    ownOrigin: 'https://tool.example',
  });
  services = createServiceClient({
    fetchOutside,
    now: () => new Date(),
    wait: () => Promise.resolve(),
    random: () => 0,
  });
});
afterAll(() => platform.close());

beforeEach(async () => {
  beforePage = () => Promise.resolve(true);
  listed = students(10);
  platformId = newId();
  await tool.ctx.db.insert(schema.platforms).values({
    id: platformId,
    issuer: platform.url,
    clientId: platformId,
    name: 'Own',
    authorizeUrl: `${platform.url}/authorize`,
    tokenUrl: `${platform.url}/token`,
    jwksUrl: `${platform.url}/jwks`,
  });
});

/** A course of the platform whose list can be read. */
async function openCourse(change: Partial<typeof courses.$inferInsert> = {}) {
  const { db } = tool.ctx;
  const seeded = await seedCourse(db, { platformId });
  const { courseId } = seeded;
  await db
    .update(courses)
    .set({ namesAndRolesUrl: `${platform.url}/members`, ...change })
    .where(eq(courses.id, courseId));
  const sync = (ctx: Pick<Ctx, 'db'> = tool.ctx) =>
    syncRoster(
      { ...tool.ctx, db: ctx.db, now: new Date() },
      { courseId, askedBy: 'operator' },
      { services, canvas: undefined, now: () => new Date() },
    );
  return {
    ...seeded,
    sync,
    /** Reads the list to its end, and says what it brought. */
    async brings(list = listed) {
      listed = list;
      const done = await sync();
      if (done.kind !== 'synced') throw new Error('the course has a list');
      const { kept, joined, departed, missing } = done.sync;
      return { kept, joined, departed, missing };
    },
    /** Everybody who is enrolled, by their `sub`. */
    async enrolled() {
      const rows = await db
        .select({ sub: people.sub })
        .from(people)
        .innerJoin(memberships, eq(memberships.personId, people.id))
        .where(
          sql`${memberships.courseId} = ${courseId} and exists (select 1 from membership_spans span
            where span.membership_id = ${memberships.id} and span.ends_at is null)`,
        );
      return rows.map(({ sub }) => sub).sort();
    },
    async spansOf(sub: string) {
      return db
        .select({ startsAt: membershipSpans.startsAt, endsAt: membershipSpans.endsAt })
        .from(membershipSpans)
        .innerJoin(memberships, eq(memberships.id, membershipSpans.membershipId))
        .innerJoin(people, eq(people.id, memberships.personId))
        .where(sql`${memberships.courseId} = ${courseId} and ${people.sub} = ${sub}`)
        .orderBy(membershipSpans.createdAt);
    },
    async syncs() {
      return db
        .select()
        .from(rosterSyncs)
        .where(eq(rosterSyncs.courseId, courseId))
        .orderBy(rosterSyncs.startedAt);
    },
    async audited(action: string) {
      const rows = await db.execute<{ actor: string | null }>(
        sql`select actor_person_id as actor from audit_events where course_id = ${courseId} and action = ${action}`,
      );
      return rows.rows.map(({ actor }) => actor);
    },
    async as(role: Role, policy: object = {}) {
      const member = await seeded.addMember(`Somebody ${role}`, role);
      await db.update(courses).set({ policy }).where(eq(courses.id, courseId));
      return { ...tool.as(member.personId), now: new Date() };
    },
  };
}

describe('a member who is no longer on the list', () => {
  test('is noted at once, and gone from the first of two complete lists in a row', async () => {
    const course = await openCourse();
    expect(await course.brings()).toEqual({ kept: 10, joined: 10, departed: 0, missing: 0 });
    const without = students(9);
    expect(await course.brings(without)).toEqual({ kept: 9, joined: 0, departed: 0, missing: 1 });
    expect(await course.enrolled()).toContain('s-9');
    expect(await course.brings()).toEqual({ kept: 9, joined: 0, departed: 1, missing: 0 });
    const [, first] = await course.syncs();
    expect(await course.spansOf('s-9')).toEqual([{ startsAt: null, endsAt: first?.startedAt }]);
    expect(await course.audited('membership.ended')).toEqual([null]);
    // A third list says nothing new.
    expect(await course.brings()).toEqual({ kept: 9, joined: 0, departed: 0, missing: 0 });
    expect(await course.audited('membership.ended')).toHaveLength(1);
  });

  test('who is back on the next list never left', async () => {
    const course = await openCourse();
    await course.brings(students(10));
    await course.brings(students(9));
    expect(await course.brings(students(10))).toEqual({ kept: 10, joined: 0, departed: 0, missing: 0 });
    expect(await course.brings(students(9))).toEqual({ kept: 9, joined: 0, departed: 0, missing: 1 });
  });

  test('and comes back after they left gets a new span, and the old one stays', async () => {
    const course = await openCourse();
    await course.brings(students(10));
    await course.brings(students(9));
    await course.brings(students(9));
    expect(await course.brings(students(10))).toMatchObject({ kept: 10, joined: 1 });
    const spans = await course.spansOf('s-9');
    expect(spans).toHaveLength(2);
    expect(spans[0]?.endsAt).not.toBeNull();
    expect(spans[1]).toMatchObject({ endsAt: null });
  });

  test('stays where their own launch came after the list was asked for', async () => {
    const course = await openCourse();
    await course.brings(students(10));
    await course.brings(students(9));
    beforePage = async () => {
      await tool.ctx.db.execute(
        sql`update memberships m set last_launch_at = ${new Date().toISOString()}::timestamptz from people p
          where p.id = m.person_id and p.sub = 's-9' and m.course_id = ${course.courseId}`,
      );
      return true;
    };
    expect(await course.brings()).toMatchObject({ departed: 0, missing: 0 });
  });

  test('stays where a teacher has set their span', async () => {
    const course = await openCourse();
    await course.brings(students(10));
    await tool.ctx.db
      .execute(sql`update membership_spans span set source = 'teacher' from memberships m, people p
      where m.id = span.membership_id and p.id = m.person_id and p.sub = 's-9' and m.course_id = ${course.courseId}`);
    await course.brings(students(9));
    expect(await course.brings()).toMatchObject({ departed: 0, missing: 0 });
    expect(await course.enrolled()).toContain('s-9');
  });

  test('is no administrator who only launched, and no test user', async () => {
    const course = await openCourse();
    const admin = await course.addMember('Adele Admin', 'teacher');
    listed = [...students(10), { sub: 'view', roles: [learner, testUser] }];
    expect(await course.brings()).toEqual({ kept: 10, joined: 10, departed: 0, missing: 0 });
    expect(await course.brings(students(10))).toMatchObject({ missing: 0 });
    await course.brings();
    expect(await course.enrolled()).toContain('view');
    const spans = await tool.ctx.db
      .select()
      .from(membershipSpans)
      .where(eq(membershipSpans.membershipId, admin.membershipId));
    expect(spans).toMatchObject([{ endsAt: null }]);
  });
});

describe('a list that is more likely wrong than right', () => {
  test.each([
    ['without more than a fifth', 7, 'many', 3],
    ['that is empty', 0, 'many', 10],
  ] as const)('%s ends nothing, however often it comes', async (_what, left, reason, missing) => {
    const course = await openCourse();
    const teacher = await course.as('teacher');
    await course.brings(students(10));
    for (let times = 0; times < 3; times += 1) {
      expect(await course.brings(students(left))).toMatchObject({ departed: 0, missing });
    }
    expect(await course.enrolled()).toHaveLength(11);
    const log = await loadRosterLog(teacher, course.courseId);
    expect(log.held).toEqual({ reason, missing, enrolled: 10 });
    // The whole list again, and nothing waits any more.
    await course.brings(students(10));
    expect(await loadRosterLog(teacher, course.courseId)).toMatchObject({ held: undefined });
  });

  test('of a concluded course ends nobody', async () => {
    const course = await openCourse();
    const teacher = await course.as('teacher');
    await course.brings(students(10));
    const over = students(9).map((one) => ({ ...one, state: 'completed' }));
    await course.brings(over);
    expect(await course.brings(over)).toMatchObject({ departed: 0, missing: 1 });
    expect(await loadRosterLog(teacher, course.courseId)).toMatchObject({ held: { reason: 'concluded' } });
  });

  test('is believed when a teacher confirms it, once', async () => {
    const course = await openCourse();
    const teacher = await course.as('teacher');
    await course.brings(students(10));
    await course.brings(students(4));
    const [first, second] = await Promise.all([
      confirmDepartures(teacher, course.courseId),
      confirmDepartures(teacher, course.courseId),
    ]);
    expect([first.departed, second.departed].sort()).toEqual([0, 6]);
    expect(await course.enrolled()).toHaveLength(5);
    expect(await course.audited('membership.ended')).toEqual(Array(6).fill(teacher.viewer?.personId));
    const [, missed] = await course.syncs();
    expect(await course.spansOf('s-9')).toEqual([{ startsAt: null, endsAt: missed?.startedAt }]);
    expect(await loadRosterLog(teacher, course.courseId)).toMatchObject({ held: undefined });
  });

  test.each<[string, Role, object, string | undefined]>([
    ['a teacher', 'teacher', {}, undefined],
    ['an assistant whom the policy allows it', 'assistant', { assistantsMayChangeSettings: true }, undefined],
    ['an assistant', 'assistant', {}, 'not-for-assistants'],
    ['a student', 'student', {}, 'no-access'],
    ['an observer', 'observer', {}, 'no-access'],
  ])('is for %s to confirm: %s', async (_who, role, policy, code) => {
    const course = await openCourse();
    const ctx = await course.as(role, policy);
    const confirmed = confirmDepartures(ctx, course.courseId);
    if (code === undefined) await expect(confirmed).resolves.toEqual({ departed: 0 });
    else await expect(confirmed).rejects.toMatchObject({ code });
  });

  test('is not for the teacher of another course, nor for nobody', async () => {
    const course = await openCourse();
    const elsewhere = await (await openCourse()).as('teacher');
    for (const ask of [confirmDepartures, loadRosterLog]) {
      await expect(ask(elsewhere, course.courseId)).rejects.toMatchObject({ code: 'no-access' });
      await expect(ask(tool.ctx, course.courseId)).rejects.toMatchObject({ code: 'not-signed-in' });
    }
  });
});

describe('a list that breaks off', () => {
  test('keeps what came, misses nobody, and is told with its reason', async () => {
    const course = await openCourse();
    const teacher = await course.as('teacher');
    await course.brings(students(120));
    listed = [...students(60), ...students(60, 200)];
    beforePage = (page) => Promise.resolve(page < 2);
    await expect(course.sync()).rejects.toMatchObject({ code: 'platform-answer' });
    await expect(course.sync()).rejects.toMatchObject({ code: 'platform-answer' });
    const enrolled = await course.enrolled();
    expect(enrolled).toHaveLength(1 + 120 + 40);
    const log = await loadRosterLog(teacher, course.courseId);
    expect(log.past.slice(0, 2)).toMatchObject([
      { state: 'failed', problem: 'platform-answer', problemStatus: 404, pages: 2, listed: 100, joined: 0 },
      { state: 'failed', problem: 'platform-answer', problemStatus: 404, pages: 2, listed: 100, joined: 40 },
    ]);
    // The one after it is whole, and the first that may miss anybody.
    beforePage = () => Promise.resolve(true);
    expect(await course.brings()).toMatchObject({ departed: 0, missing: 60 });
  });

  test('because its process died is told as interrupted, and the same job begins its row anew', async () => {
    const course = await openCourse();
    const teacher = await course.as('teacher');
    const syncId = newId();
    const died = { id: syncId, courseId: course.courseId, askedBy: 'night', source: 'nrps' } as const;
    await tool.ctx.db
      .insert(rosterSyncs)
      .values({ ...died, startedAt: new Date(Date.now() - 30 * 60_000), pages: 3 });
    expect(await loadRosterLog(teacher, course.courseId)).toMatchObject({
      running: undefined,
      past: [{ state: 'interrupted', pages: 3 }],
    });
    await syncRoster(
      { ...tool.ctx, now: new Date() },
      { courseId: course.courseId, askedBy: 'night', syncId },
      { services, canvas: undefined, now: () => new Date() },
    );
    expect(await course.syncs()).toMatchObject([{ id: syncId, outcome: 'complete', pages: 1, kept: 10 }]);
  });

  test('shows its progress while it runs', async () => {
    const course = await openCourse();
    const teacher = await course.as('teacher');
    let seen: unknown;
    beforePage = async (page) => {
      if (page === 2) seen = (await loadRosterLog(teacher, course.courseId)).running;
      return true;
    };
    await course.brings(students(120));
    expect(seen).toMatchObject({ state: 'running', pages: 2, listed: 100, kept: 100 });
  });

  test('because the course was moved meanwhile brings nobody of the old platform into it', async () => {
    const course = await openCourse();
    const other = await seedCourse(tool.ctx.db);
    beforePage = async (page) => {
      if (page === 1) {
        await tool.ctx.db.execute(sql`update courses set deployment_id =
          (select deployment_id from courses where id = ${other.courseId}) where id = ${course.courseId}`);
      }
      return true;
    };
    listed = students(80);
    await expect(course.sync()).rejects.toMatchObject({ code: 'conflict' });
    expect(await course.enrolled()).toHaveLength(50);
  });
});

describe('two lists at once', () => {
  test('read by two processes make nobody twice, and are one proof, not two', async () => {
    const second = openDatabase(tool.database.url, { poolMax: 4, onIdleError: () => undefined });
    try {
      const course = await openCourse();
      listed = students(120);
      await Promise.all([course.sync(), course.sync(second)]);
      expect(await course.enrolled()).toHaveLength(120);
      listed = students(118);
      // Both wait for one another on their last page.
      const waiting: (() => void)[] = [];
      beforePage = (page) =>
        new Promise((go) => {
          if (page < 2) go(true);
          else
            waiting.push(() => {
              go(true);
            });
          if (waiting.length === 2) for (const one of waiting) one();
        });
      await Promise.all([course.sync(), course.sync(second)]);
      expect(await course.enrolled()).toHaveLength(120);
      beforePage = () => Promise.resolve(true);
      expect(await course.brings()).toMatchObject({ departed: 2 });
    } finally {
      await second.close();
    }
  });
});

describe('the cost of a list', () => {
  /** How many statements reading it takes. */
  const cost = async (course: { sync: (ctx: Pick<Ctx, 'db'>) => Promise<unknown> }, list: typeof listed) => {
    const before = tool.statements();
    listed = list;
    await course.sync(tool.ctx);
    return tool.statements() - before;
  };

  test('is a fixed number of statements a page, however many are on it, new or known', async () => {
    // The token of the platform is kept from here on.
    await cost(await openCourse(), []);
    const costOf = async (list: typeof listed) => {
      const course = await openCourse();
      return { asNew: await cost(course, list), asKnown: await cost(course, list) };
    };
    const [few, one, two, three] = [
      await costOf(students(5)),
      await costOf(students(50)),
      await costOf(students(100)),
      await costOf(students(150)),
    ];
    expect(one).toEqual(few);
    const page = { asNew: two.asNew - one.asNew, asKnown: two.asKnown - one.asKnown };
    expect(three).toEqual({ asNew: two.asNew + page.asNew, asKnown: two.asKnown + page.asKnown });
    expect(page.asNew).toBeLessThan(20);
  });

  test('nor does it grow with those who leave', async () => {
    const course = await openCourse();
    await cost(course, students(300));
    await cost(course, students(298));
    const two = await cost(course, students(298));
    await cost(course, students(258));
    expect(await cost(course, students(258))).toBe(two);
  });
});
