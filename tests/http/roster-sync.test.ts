import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOutsideFetch } from '#lib/base/outside-fetch.ts';
import type { OutsideFetch } from '#lib/base/outside-fetch.ts';
import { keepCourse } from '#lib/courses/keep-course.ts';
import type { LaunchedCourse } from '#lib/courses/keep-course.ts';
import { namesAndRolesScope } from '#lib/lti/names-and-roles.ts';
import { createServiceClient } from '#lib/lti/service-client.ts';
import type { ServiceCaller, ServiceClient } from '#lib/lti/service-client.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { loadPublicKeys, loadToolSigner } from '#lib/platforms/load-tool-keys.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { admitDeployment } from '#lib/platforms/admit-deployment.ts';
import type { CanvasApi } from '#lib/rosters/canvas-api.ts';
import { syncRoster } from '#lib/rosters/sync-roster.ts';
import { clientId, deploymentId, opaqueId, sampleApiToken } from '../../demo/identity.ts';
import { startDemo } from '../../demo/server.ts';
import { useTestContext } from '../support/test-context.ts';

// The real demo LMS over HTTP: it verifies our assertion with our keys, pages by 50, and throttles as Canvas does.
const tool = useTestContext();
let lms: Awaited<ReturnType<typeof startDemo>>;
let keyServer: ReturnType<typeof createServer>;
let dataDir: string;
let fetchOutside: OutsideFetch;
let services: ServiceClient;
let asked: string[];
let courses: { class: string; lecture: string };
/** Our id of the deployment. */
let installed: string;

const now = () => ({ ...tool.ctx, now: new Date() });
/** A sync that the operator asked for. */
const sync = (courseId: string, client = services, canvas?: CanvasApi) =>
  syncRoster(now(), { courseId, askedBy: 'operator' }, { services: client, canvas, now: () => new Date() });
/** Canvas' REST API as the settings of the demo name it. */
const canvasApi = (change: Partial<CanvasApi> = {}): CanvasApi => ({
  issuer: lms.url,
  clientId,
  deploymentId,
  baseUrl: lms.url,
  token: sampleApiToken,
  ...change,
});
/** A client as a process has it, but that its luck is such that it never waits before it tries again. */
const clientOf = (fetcher: OutsideFetch) =>
  createServiceClient({
    fetchOutside: fetcher,
    now: () => new Date(),
    wait: (ms, calledOff) => delay(ms, undefined, { signal: calledOff }),
    random: () => 0,
  });
const countAsked = (end: string) => asked.filter((path) => path.endsWith(end)).length;

beforeAll(async () => {
  await keepToolKey(tool.ctx);
  keyServer = createServer((_request, response) => {
    void loadPublicKeys(tool.ctx).then((keys) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
    });
  });
  await new Promise<void>((done) => keyServer.listen(0, '127.0.0.1', done));
  const toolUrl = `http://127.0.0.1:${String((keyServer.address() as AddressInfo).port)}`;
  dataDir = await mkdtemp(join(tmpdir(), 'roster-sync-'));
  lms = await startDemo({ port: 0, toolUrl, dataDir, control: true });
  const door = createOutsideFetch({
    allowPrivateHosts: [new URL(lms.url).host],
    ownOrigin: 'https://tool.example',
  });
  fetchOutside = (url, request) => {
    asked.push(new URL(url).pathname);
    return door(url, request);
  };
  const platform = await registerPlatform(tool.ctx, {
    issuer: lms.url,
    clientId,
    name: 'Demo LMS',
    authorizeUrl: `${lms.url}/api/lti/authorize_redirect`,
    tokenUrl: `${lms.url}/login/oauth2/token`,
    jwksUrl: `${lms.url}/api/lti/security/jwks`,
    deploymentIds: [deploymentId],
  });
  const deployment = await admitDeployment(tool.ctx, {
    platformId: platform.id,
    deploymentId,
    approval: 'never',
  });
  installed = deployment.id;
  courses = { class: await keep(101), lecture: await keep(103) };
});
beforeEach(() => {
  asked = [];
  services = clientOf(fetchOutside);
});
afterAll(async () => {
  await lms.close();
  keyServer.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A course of the demo as a staff launch leaves it; a second time it is as if the tool had never seen it. */
let kept = 0;
async function keep(number: number, change: Partial<LaunchedCourse> = {}): Promise<string> {
  kept += 1;
  const course = await keepCourse(
    tool.ctx,
    {
      deploymentId: installed,
      contextId: `${opaqueId('course', number)} ${String(kept)}`,
      title: `Course ${String(number)}`,
      label: undefined,
      canvasCourseId: String(number),
      namesAndRolesUrl: `${lms.url}/api/lti/courses/${String(number)}/names_and_roles`,
      resourceLinkId: opaqueId('course', number),
      teacherTimeZone: 'Europe/Berlin',
      ...change,
    },
    'UTC',
  );
  return course.id;
}

async function tally(courseId: string) {
  const answer = await tool.ctx.db.execute<{
    role: string;
    n: number;
    sections: number;
    numbers: number;
  }>(sql`
    select m.role, count(distinct m.id)::int as n, count(distinct span.section_id)::int as sections,
      count(distinct p.canvas_user_id)::int as numbers
    from memberships m join people p on p.id = m.person_id
    join membership_spans span on span.membership_id = m.id and span.ends_at is null
    where m.course_id = ${courseId} and not m.is_test_user group by m.role`);
  return Object.fromEntries(answer.rows.map(({ role, ...rest }) => [role, rest]));
}

async function control(path: string, body: object): Promise<void> {
  const answer = await fetch(`${lms.url}/demo/control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
}

describe('a roster over HTTP', () => {
  test('brings everybody with role, section and number, and changes nothing when repeated', async () => {
    await sync(courses.class);
    const first = await tally(courses.class);
    expect(first).toMatchObject({
      teacher: { n: 1 },
      assistant: { n: 1 },
      observer: { n: 1 },
      student: { n: 30, sections: 2, numbers: 30 },
    });
    await sync(courses.class);
    expect(await tally(courses.class)).toEqual(first);
  });

  test('two at the same moment make nobody twice', async () => {
    await Promise.all([1, 2, 3].map(() => sync(courses.class)));
    expect(await tally(courses.class)).toMatchObject({ student: { n: 30 } });
  });

  test('follows the pages of a large course to the last', async () => {
    await expect(sync(courses.lecture)).resolves.toMatchObject({ kind: 'synced' });
    expect(await tally(courses.lecture)).toMatchObject({ student: { n: 600, sections: 2 } });
    expect(countAsked('names_and_roles')).toBeGreaterThanOrEqual(12);
  });

  test('that breaks off keeps what came, removes nobody, and is not noted as complete', async () => {
    const before = await tally(courses.lecture);
    const syncedAt = async () =>
      (
        await tool.ctx.db.execute(
          sql`select roster_synced_at as at from courses where id = ${courses.lecture}`,
        )
      ).rows[0]?.at;
    const complete = await syncedAt();
    let pages = 0;
    const breaksOff: OutsideFetch = async (url, request) => {
      if (url.includes('names_and_roles')) pages += 1;
      if (pages === 3) await control('throttle', { calls: 100 });
      return fetchOutside(url, request);
    };
    try {
      await expect(sync(courses.lecture, clientOf(breaksOff))).rejects.toMatchObject({
        code: 'platform-answer',
        facts: { status: 403, at: 'members', host: new URL(lms.url).host },
      });
    } finally {
      await control('throttle', { calls: 0 });
    }
    // Two pages, and the third as often as anything is tried.
    expect(pages).toBe(8);
    expect(await tally(courses.lecture)).toEqual(before);
    expect(await syncedAt()).toEqual(complete);
  });

  test.each([403, 429])('is asked for again where the platform is busy (%i)', async (answer) => {
    await control('throttle', { calls: 2, answer });
    await expect(sync(courses.class)).resolves.toMatchObject({ kind: 'synced' });
    expect(countAsked('names_and_roles')).toBe(3);
  });

  test('goes on with a new token where the platform drops the old one between two pages', async () => {
    let pages = 0;
    const dropped: OutsideFetch = async (url, request) => {
      if (url.includes('names_and_roles')) pages += 1;
      if (pages === 3) await control('tokens/revoke', {});
      return fetchOutside(url, request);
    };
    const before = await tally(courses.lecture);
    await sync(
      courses.lecture,
      clientOf((url, request) => dropped(url, request)),
    );
    expect(await tally(courses.lecture)).toEqual(before);
    expect(countAsked('oauth2/token')).toBe(2);
  });

  test('of two courses at the same moment takes one token', async () => {
    await Promise.all([sync(courses.class), sync(courses.lecture)]);
    expect(countAsked('oauth2/token')).toBe(1);
  });
});

describe('the custom fields of a roster', () => {
  test('tell that the course is over there', async () => {
    const courseId = await keep(102);
    const state = async () => {
      await sync(courseId);
      const found = await tool.ctx.db.execute(sql`select platform_state from courses where id = ${courseId}`);
      return found.rows[0]?.platform_state;
    };
    expect(await state()).toBe('available');
    await control('courses/102/state', { state: 'completed' });
    try {
      expect(await state()).toBe('completed');
    } finally {
      await control('courses/102/state', { state: 'available' });
    }
  });

  test.each([400, 404])(
    'are done without where the platform no longer knows the link (%i)',
    async (status) => {
      const course = await keep(102, { resourceLinkId: 'gone' });
      const asMoodle: OutsideFetch = async (url, request) => {
        const answer = await fetchOutside(url, request);
        return url.includes('rlid=') ? { ...answer, status } : answer;
      };
      await expect(sync(course, clientOf(asMoodle))).resolves.toMatchObject({
        sync: { outcome: 'complete', source: 'nrps' },
      });
      expect(countAsked('names_and_roles')).toBe(2);
    },
  );
});

describe("Canvas' own list", () => {
  const withoutService = (client: string, active: boolean) =>
    control('clients', { clientId: client, active });

  test('is read where LTI has none to offer, with every section and no test user', async () => {
    const courseId = await keep(102, { namesAndRolesUrl: undefined });
    const done = await sync(courseId, services, canvasApi());
    expect(done).toMatchObject({ kind: 'synced', sync: { source: 'rest', outcome: 'complete' } });
    const byRest = await tally(courseId);
    expect(byRest.student?.n).toBeGreaterThan(0);
    expect(asked.every((path) => path.startsWith('/api/v1/courses/102/'))).toBe(true);
    // The same people, when LTI lists them: nobody is a second human.
    await tool.ctx.db.execute(sql`update courses set names_and_roles_url =
      ${`${lms.url}/api/lti/courses/102/names_and_roles`} where id = ${courseId}`);
    await expect(sync(courseId)).resolves.toMatchObject({ sync: { joined: 0, missing: 0 } });
    expect(await tally(courseId)).toEqual(byRest);
  });

  test('is read where the tool may not ask for the list of LTI, and finds everybody again', async () => {
    await sync(courses.class);
    const before = await tally(courses.class);
    await withoutService(clientId, false);
    try {
      await expect(sync(courses.class)).rejects.toMatchObject({ facts: { at: 'token', status: 401 } });
      await expect(sync(courses.class, services, canvasApi())).resolves.toMatchObject({
        sync: { source: 'rest', outcome: 'complete', joined: 0, missing: 0 },
      });
    } finally {
      await withoutService(clientId, true);
    }
    expect(await tally(courses.class)).toEqual(before);
  });

  test('finds those too whom LTI has listed without their number', async () => {
    const courseId = await keep(102, { resourceLinkId: undefined });
    await tool.ctx.db.execute(sql`update people set canvas_user_id = null`);
    await sync(courseId);
    const before = await tally(courseId);
    expect(before.student?.numbers).toBe(0);
    await tool.ctx.db.execute(sql`update courses set names_and_roles_url = null where id = ${courseId}`);
    await expect(sync(courseId, services, canvasApi())).resolves.toMatchObject({
      sync: { source: 'rest', joined: 0, missing: 0 },
    });
    const after = await tally(courseId);
    expect(after.student).toMatchObject({ n: before.student?.n, numbers: before.student?.n });
  });

  test('says nothing of those whose number it does not tell', async () => {
    const courseId = await keep(102, { namesAndRolesUrl: undefined });
    await sync(courseId, services, canvasApi());
    await tool.ctx.db.execute(sql`
      with person as (insert into people (id, platform_id, sub)
          select gen_random_uuid(), platform_id, 'unheard-of' from deployments where id = ${installed} returning id),
        place as (insert into memberships (id, course_id, person_id, role, created_at)
          select gen_random_uuid(), ${courseId}, id, 'student', now() - interval '1 day' from person returning id)
      insert into membership_spans (id, membership_id) select gen_random_uuid(), id from place`);
    await expect(sync(courseId, services, canvasApi())).resolves.toMatchObject({ sync: { missing: 0 } });
  });

  test('follows its pages of a hundred to the last', async () => {
    const courseId = await keep(103, { namesAndRolesUrl: undefined });
    await expect(sync(courseId, services, canvasApi())).resolves.toMatchObject({
      sync: { source: 'rest', pages: 7 },
    });
    expect(await tally(courseId)).toMatchObject({ student: { n: 600, sections: 2 } });
  });

  test.each<[string, Partial<CanvasApi>]>([
    ['another issuer', { issuer: 'https://canvas.example' }],
    ['another client', { clientId: '1' }],
    ['another deployment', { deploymentId: '9:9' }],
  ])('is not asked for a course of another installation: the token is for %s', async (_what, change) => {
    const courseId = await keep(102, { namesAndRolesUrl: undefined });
    await expect(sync(courseId, services, canvasApi(change))).resolves.toEqual({ kind: 'not-offered' });
    expect(asked).toEqual([]);
  });

  test('that refuses the token is told in the log, and the token is tried once', async () => {
    const courseId = await keep(102, { namesAndRolesUrl: undefined });
    await expect(sync(courseId, services, canvasApi({ token: 'wrong-token' }))).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { at: 'members', status: 401 },
    });
    expect(asked).toHaveLength(1);
  });

  test('is not asked where LTI is only busy', async () => {
    await control('throttle', { calls: 100 });
    try {
      await expect(sync(courses.class, services, canvasApi())).rejects.toMatchObject({
        facts: { status: 403, throttled: true },
      });
    } finally {
      await control('throttle', { calls: 0 });
    }
    expect(asked.some((path) => path.startsWith('/api/v1/'))).toBe(false);
  });
});

describe('the services of a platform', () => {
  const callerOf = (tokenUrl: string): ServiceCaller => ({
    id: tokenUrl,
    tokenUrl,
    tokenAudience: null,
    clientId,
    signer: () => loadToolSigner(now()),
  });
  const list = { url: '', scopes: [namesAndRolesScope], at: 'members' };

  test('say which scope they refuse', async () => {
    const scope = 'https://purl.imsglobal.org/spec/lti/scope/unheard-of';
    const call = services.call(callerOf(`${lms.url}/login/oauth2/token`), {
      ...list,
      url: lms.url,
      scopes: [scope],
    });
    await expect(call).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { at: 'token', status: 400, error: 'invalid_scope', scope },
    });
    expect(asked).toEqual(['/login/oauth2/token']);
  });

  test('see four calls at a time and no more, and each is answered', async () => {
    const held: (() => void)[] = [];
    const most = { arrived: 0, underWay: 0 };
    const counting = createServer((request, response) => {
      if (request.url === '/token') {
        response.setHeader('content-type', 'text/html').end('{"access_token":"t","token_type":"Bearer"}');
        return;
      }
      held.push(() => response.end(request.url));
      most.arrived = Math.max(most.arrived, held.length);
      // Nobody is answered before four are here.
      if (held.length === 4) for (const answer of held.splice(0)) answer();
    });
    await new Promise<void>((done) => counting.listen(0, '127.0.0.1', done));
    const host = `127.0.0.1:${String((counting.address() as AddressInfo).port)}`;
    try {
      const door = createOutsideFetch({ allowPrivateHosts: [host], ownOrigin: 'https://tool.example' });
      let underWay = 0;
      const client = clientOf(async (url, request) => {
        underWay += 1;
        most.underWay = Math.max(most.underWay, underWay);
        return door(url, request).finally(() => {
          underWay -= 1;
        });
      });
      const paths = Array.from({ length: 40 }, (_, n) => `/members/${String(n)}`);
      const answers = await Promise.all(
        paths.map((path) =>
          client.call(callerOf(`http://${host}/token`), { ...list, url: `http://${host}${path}` }),
        ),
      );
      expect(answers.map((answer) => answer.body)).toEqual(paths);
      expect(most).toEqual({ arrived: 4, underWay: 4 });
    } finally {
      counting.closeAllConnections();
      counting.close();
    }
  });
});
