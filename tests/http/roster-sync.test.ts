import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOutsideFetch } from '#lib/base/outside-fetch.ts';
import type { OutsideFetch } from '#lib/base/outside-fetch.ts';
import { keepCourse } from '#lib/courses/keep-course.ts';
import { syncRoster } from '#lib/members/sync-roster.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { loadPublicKeys } from '#lib/platforms/load-tool-keys.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { requireDeployment } from '#lib/platforms/find-platform.ts';
import { clientId, deploymentId, opaqueId } from '../../demo/identity.ts';
import { startDemo } from '../../demo/server.ts';
import { useTestContext } from '../support/test-context.ts';

// The real demo LMS over HTTP: it verifies our assertion with our keys, pages by 50, and throttles as Canvas does.
const tool = useTestContext();
let lms: Awaited<ReturnType<typeof startDemo>>;
let keyServer: ReturnType<typeof createServer>;
let dataDir: string;
let fetchOutside: OutsideFetch;
let asked: string[];
let courses: { class: string; lecture: string };

const now = () => ({ ...tool.ctx, now: new Date() });

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
  const deployment = await requireDeployment(tool.ctx, platform.id, deploymentId);
  const keep = async (number: number) => {
    const kept = await keepCourse(
      tool.ctx,
      {
        deploymentId: deployment.id,
        contextId: opaqueId('course', number),
        title: `Course ${String(number)}`,
        label: undefined,
        canvasCourseId: String(number),
        namesAndRolesUrl: `${lms.url}/api/lti/courses/${String(number)}/names_and_roles`,
        resourceLinkId: opaqueId('course', number),
        teacherTimeZone: 'Europe/Berlin',
      },
      'UTC',
    );
    return kept.id;
  };
  courses = { class: await keep(101), lecture: await keep(103) };
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await lms.close();
  keyServer.close();
  await rm(dataDir, { recursive: true, force: true });
});

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

/** The platform answers the next calls with "Rate Limit Exceeded". */
async function throttle(calls: number): Promise<void> {
  const answer = await fetch(`${lms.url}/demo/control/throttle`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ calls }),
  });
  expect(answer.ok).toBe(true);
}

describe('a roster over HTTP', () => {
  test('brings everybody with role, section and number, and changes nothing when repeated', async () => {
    await syncRoster(now(), courses.class, fetchOutside);
    const first = await tally(courses.class);
    expect(first).toMatchObject({
      teacher: { n: 1 },
      assistant: { n: 1 },
      observer: { n: 1 },
      student: { n: 30, sections: 2, numbers: 30 },
    });
    await syncRoster(now(), courses.class, fetchOutside);
    expect(await tally(courses.class)).toEqual(first);
  });

  test('two at the same moment make nobody twice', async () => {
    await Promise.all([1, 2, 3].map(() => syncRoster(now(), courses.class, fetchOutside)));
    expect(await tally(courses.class)).toMatchObject({ student: { n: 30 } });
  });

  test('follows the pages of a large course to the last', async () => {
    await expect(syncRoster(now(), courses.lecture, fetchOutside)).resolves.toMatchObject({ kind: 'synced' });
    expect(await tally(courses.lecture)).toMatchObject({ student: { n: 600, sections: 2 } });
    expect(asked.filter((path) => path.endsWith('names_and_roles')).length).toBeGreaterThanOrEqual(12);
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
      if (pages === 3) await throttle(100);
      return fetchOutside(url, request);
    };
    try {
      await expect(syncRoster(now(), courses.lecture, breaksOff)).rejects.toMatchObject({
        code: 'platform-answer',
      });
    } finally {
      await throttle(0);
    }
    expect(await tally(courses.lecture)).toEqual(before);
    expect(await syncedAt()).toEqual(complete);
  });
});
