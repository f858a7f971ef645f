import { globSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { and, eq } from 'drizzle-orm';
import { newId } from '#lib/base/ids.ts';
import { localOfInstant, minuteMs } from '#lib/base/time.ts';
import { courses, meetings, memberships, membershipSpans, people } from '#lib/db/schema.ts';
import { isSecure, requestFor } from '../support/http-or-tls.ts';
import { startOwnPlatform } from '../support/own-platform.ts';
import { expect, test } from './fixtures.ts';
import { courseOf, toolFrame } from './tool-frame.ts';

/**
 * What each address of app/ answers with, in its headers' view. `screen`: a page of the application; `light`: a page
 * of its own, whole; `data`: for programs, or a refusal without a body.
 */
const kinds: Record<string, 'screen' | 'light' | 'data'> = {
  '/': 'screen',
  '/api/courses/[courseId]/excuse-files/[fileId]': 'light',
  '/api/courses/[courseId]/meetings/[meetingId]/codes': 'light',
  '/api/courses/[courseId]/meetings/[meetingId]/events': 'light',
  '/api/courses/[courseId]/meetings/[meetingId]/marks': 'data',
  '/api/courses/[courseId]/policy-preview': 'data',
  '/api/handover': 'data',
  '/api/my-data': 'data',
  '/c': 'light',
  '/c/[code]': 'light',
  '/c/confirm': 'data',
  '/c/finish': 'light',
  '/c/forget': 'data',
  '/c/refused/[kind]': 'light',
  '/c/remember': 'data',
  '/c/result/[checkInId]': 'light',
  '/calendar/[token]': 'light',
  '/courses/[courseId]': 'screen',
  '/courses/[courseId]/check-in': 'data',
  '/courses/[courseId]/excuses': 'screen',
  '/courses/[courseId]/excuses/new': 'screen',
  '/courses/[courseId]/excuses/who': 'screen',
  '/courses/[courseId]/history': 'screen',
  '/courses/[courseId]/import': 'screen',
  '/courses/[courseId]/meetings/[meetingId]': 'screen',
  '/courses/[courseId]/meetings/[meetingId]/by-hand': 'screen',
  '/courses/[courseId]/meetings/[meetingId]/edit': 'screen',
  '/courses/[courseId]/meetings/[meetingId]/print/desk': 'screen',
  '/courses/[courseId]/meetings/[meetingId]/print/sheet/[direction]': 'screen',
  '/courses/[courseId]/meetings/[meetingId]/projector': 'screen',
  '/courses/[courseId]/meetings/[meetingId]/review': 'screen',
  '/courses/[courseId]/meetings/new': 'screen',
  '/courses/[courseId]/meetings/series': 'screen',
  '/courses/[courseId]/members': 'screen',
  '/courses/[courseId]/members/[membershipId]': 'screen',
  '/courses/[courseId]/my-data': 'screen',
  '/courses/[courseId]/settings': 'screen',
  '/h/[code]': 'light',
  '/handover': 'data',
  '/health': 'data',
  '/health/ready': 'data',
  '/lti/config': 'data',
  '/lti/deep-link': 'data',
  '/lti/jwks': 'data',
  '/lti/launch': 'light',
  '/lti/login': 'light',
  '/lti/register/[[...invite]]': 'light',
  '/mail/unsubscribe/[token]': 'light',
  '/metrics': 'data',
};

const routes = globSync('app/**/{page.tsx,route.ts}')
  .map((file) => file.replace(/^app/, '').replace(/\/(page\.tsx|route\.ts)$/, '') || '/')
  .sort();

/** What everything has, whoever made it. The tests' tool is no https, so that there is no HSTS to be seen. */
function expectBase(path: string, headers: Headers): void {
  const of = (name: string) => headers.get(name) ?? '';
  expect(of('x-content-type-options'), path).toBe('nosniff');
  expect(of('referrer-policy'), path).toMatch(/^(same-origin|no-referrer)$/);
  expect(of('permissions-policy'), path).toContain('microphone=()');
  expect(of('cross-origin-resource-policy'), path).toMatch(/^(same-origin|cross-origin)$/);
  expect(headers.has('x-powered-by'), path).toBe(false);
}

test('every address of the tool is known, and its answers bear the headers of their kind', async ({
  toolUrl,
}) => {
  expect(Object.keys(kinds).sort()).toEqual(routes);
  for (const [route, kind] of Object.entries(kinds)) {
    const path = route
      .replace('/[[...invite]]', '')
      .replace('[direction]', 'in')
      .replaceAll(/\[\w+\]/g, '018f0000-0000-7000-8000-000000000000');
    const answer = await fetch(toolUrl + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
    const { headers } = answer;
    const policy = headers.get('content-security-policy') ?? '';
    expectBase(path, headers);
    expect(headers.get('cache-control'), path).toMatch(/no-store|^public, max-age=300$/);
    if (!path.startsWith('/lti/'))
      expect(headers.get('cross-origin-opener-policy'), path).toBe('same-origin');
    if (kind === 'data') {
      expect(policy, path).toBe("default-src 'none'; frame-ancestors 'none'");
      continue;
    }
    expect(headers.get('content-type'), path).toMatch(/^text\/html; ?charset=utf-8$/);
    expect(policy, path).toMatch(/(^|; )frame-ancestors 'self'/);
    expect(policy, path).toContain("base-uri 'none'");
    expect(/script-src ([^;]*)/.exec(policy)?.[1] ?? '', path).not.toMatch(
      /'unsafe-inline'|'unsafe-eval'|https?:|\*/,
    );
    const text = await answer.text();
    if (kind === 'light') expect(policy, path).toContain("default-src 'none'");
    else {
      const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1] ?? 'none';
      expect(policy, path).toContain("object-src 'none'");
      for (const [script] of text.matchAll(/<script[^>]*>/g))
        expect(script, path).toContain(`nonce="${nonce}"`);
    }
    expect(text, path).not.toMatch(/ on(click|load|error)=|javascript:/);
  }
});

test('what Next answers by itself bears them too: files, unknown addresses, methods that nobody asked for', async ({
  toolUrl,
}) => {
  const built = readdirSync('.next/static/chunks').find((name) => name.endsWith('.js')) ?? '';
  const asked: [string, string, number][] = [
    ['GET', '/icon.svg', 200],
    ['GET', '/lti/browser-key.js', 200],
    ['GET', `/_next/static/chunks/${built}`, 200],
    ['GET', '/_next/static/chunks/none.js', 404],
    ['GET', '/nothing/here', 404],
    ['GET', '/api/nothing', 404],
    ['GET', '/c/a/b', 404],
    ['GET', '/courses/', 308],
    ['DELETE', '/health', 405],
  ];
  // A proxy, which ends https, lets neither pass. Of the first Next cannot even make a request; nothing is sent back.
  if (!isSecure(toolUrl)) asked.push(['TRACE', '/', 500], ['GET', '/%', 404]);
  for (const [method, path, status] of asked) {
    const answer = await ask(toolUrl + path, method);
    expect([method, path, answer.status]).toEqual([method, path, status]);
    const { headers } = answer;
    expectBase(`${method} ${path}`, headers);
    if (!path.startsWith('/_next/static/')) {
      expect(headers.get('content-security-policy'), path).toContain('frame-ancestors');
    }
  }
  const cached = await fetch(`${toolUrl}/_next/static/chunks/${built}`);
  expect(cached.headers.get('cache-control')).toContain('immutable');
});

/** Node's own fetch refuses TRACE, as browsers do, and mends addresses. */
async function ask(url: string, method: string): Promise<{ status: number; headers: Headers }> {
  const { hostname, port, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    requestFor(url)({ hostname, port, method, path: url.slice(origin.length) }, (answer) => {
      answer.resume();
      const { statusCode: status = 0, rawHeaders: raw } = answer;
      const headers = new Headers();
      for (let at = 0; at < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '');
      resolve({ status, headers });
    })
      .on('error', reject)
      .end();
  });
}

test('a stranger’s page cannot frame a course', async ({ page, lms, toolUrl, openBrowser, faults }) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const courseId = courseOf(frame);
  // Signed in, and in the platform's own page, the course is there.
  await expect(frame.locator('h1').first()).toBeVisible();

  const stranger = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><title>x</title><link rel="icon" href="data:,"><iframe src="${toolUrl}/courses/${courseId}"></iframe>`,
    );
  });
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
  try {
    const context = await openBrowser();
    const trap = await context.newPage();
    await trap.goto(`http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}/`);
    await expect.poll(() => trap.frames().map((one) => one.url())).toContain('chrome-error://chromewebdata/');
    // The browser's own complaint is what was wanted.
    const complaints = faults.splice(0).filter((fault) => !/frame-ancestors|Framing/.test(fault));
    expect(complaints).toEqual([]);
  } finally {
    stranger.close();
  }
});

test('a script in a title or a name is text, on every screen that shows it', async ({
  page,
  lms,
  toolUrl,
}) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const evil = '</script><script>window.hit=1</script>"><img src=x onerror=window.hit=1>';
  const { database, stop } = await startOwnPlatform();
  const { db } = database;
  const [courseId, meetingId, personId] = [newId(), newId(), newId()];
  const places = { staff: newId(), student: newId() };
  try {
    const [teacher] = await db
      .select({ personId: people.id, platformId: people.platformId, deploymentId: courses.deploymentId })
      .from(people)
      .innerJoin(memberships, eq(memberships.personId, people.id))
      .innerJoin(courses, eq(courses.id, memberships.courseId))
      .where(and(eq(people.name, 'Katharina Lindner'), eq(courses.id, courseOf(frame))));
    if (teacher === undefined) throw new Error('the launch has left no teacher');
    const { deploymentId, platformId } = teacher;
    const [startsAt, endsAt] = [new Date(Date.now() - 60 * minuteMs), new Date(Date.now() + 60 * minuteMs)];
    const timeZone = 'Europe/Berlin';
    await db.insert(courses).values({
      ...{ id: courseId, deploymentId, contextId: newId(), title: evil, timeZone },
      timeZoneSource: 'teacher-launch',
    });
    await db.insert(people).values({ id: personId, platformId, sub: newId(), name: evil, email: evil });
    await db.insert(memberships).values([
      { id: places.staff, courseId, personId: teacher.personId, role: 'teacher' },
      { id: places.student, courseId, personId, role: 'student' },
    ]);
    for (const membershipId of Object.values(places))
      await db.insert(membershipSpans).values({ id: newId(), membershipId });
    await db.insert(meetings).values({
      ...{ id: meetingId, courseId, timeZone, startsAt, endsAt },
      ...{ title: evil, room: evil, description: evil, onlinePlatform: evil },
      localStart: localOfInstant(startsAt, timeZone),
      localEnd: localOfInstant(endsAt, timeZone),
    });
    const meeting = `/meetings/${meetingId}`;
    const screens = ['', meeting, `${meeting}/edit`, `${meeting}/by-hand`, `${meeting}/review`];
    const others = [
      `${meeting}/print/desk`,
      '/members',
      `/members/${places.student}`,
      '/settings',
      '/history',
      '/excuses',
    ];
    for (const path of [...screens, ...others]) {
      await frame.goto(`${toolUrl}/courses/${courseId}${path}`);
      await expect(frame.locator('h1, h2').first(), path).toBeVisible();
      const seen = await frame.evaluate(() => ({
        hit: 'hit' in window,
        pictures: document.querySelectorAll('img[src="x"]').length,
        isThere: document.body.innerText.includes('</script><script>window.hit=1</script>'),
      }));
      expect([path, seen]).toEqual([path, { hit: false, pictures: 0, isThere: true }]);
    }
  } finally {
    await db.delete(meetings).where(eq(meetings.courseId, courseId));
    for (const membershipId of Object.values(places))
      await db.delete(membershipSpans).where(eq(membershipSpans.membershipId, membershipId));
    await db.delete(memberships).where(eq(memberships.courseId, courseId));
    await db.delete(people).where(eq(people.id, personId));
    await stop();
  }
});
