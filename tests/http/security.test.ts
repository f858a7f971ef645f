import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { eq, inArray } from 'drizzle-orm';
import { NextRequest } from 'next/server.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import { courses, deployments, platforms } from '#lib/db/schema.ts';
import { baseHeaders } from '#lib/http/guard-exchange.ts';
import { permissionsPolicy } from '#lib/http/permissions-policy.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { GET as getCodePage } from '../../app/c/route.ts';
import { middleware } from '../../middleware.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

const tool = useTestProcess();

type Handler = (request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response>;
const changing = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * Every door that changes something. `own`: pages of ours alone may knock; `needs-login`: they may too, and nothing of
 * the body is read for anybody else. Any other text says why a request of another site is taken.
 */
const doors: Record<string, string> = {
  'POST /api/courses/[courseId]/meetings/[meetingId]/marks': 'own',
  'POST /api/courses/[courseId]/policy-preview': 'own',
  'POST /api/handover': 'needs-login',
  'POST /api/my-data': 'own',
  'PUT /api/courses/[courseId]/excuse-files/[fileId]': 'needs-login',
  'DELETE /api/courses/[courseId]/excuse-files/[fileId]': 'needs-login',
  'POST /c/confirm': 'own',
  'POST /c/forget': 'own',
  'POST /c/remember': 'own',
  'POST /courses/[courseId]/check-in': 'own',
  'POST /h/[code]': 'own',
  'POST /handover': 'own',
  'POST /lti/deep-link': 'own',
  'POST /lti/register/[[...invite]]': 'own',
  'POST /lti/login': 'a platform’s page sends it; it begins a login and changes nothing',
  'POST /lti/launch': 'a platform’s page sends it: signature, nonce, and the key that this browser holds',
  'POST /mail/unsubscribe/[token]':
    'mail programs send it by themselves (RFC 8058): the sealed token in the link',
};

async function findDoors(): Promise<{ name: string; method: string; path: string; handle: Handler }[]> {
  const found = await Promise.all(
    globSync('app/**/route.ts').map(async (file) => {
      const module = (await import(/* @vite-ignore */ resolve(file))) as Record<string, Handler | undefined>;
      const path = file.replace(/^app/, '').replace(/\/route\.ts$/, '');
      return changing.flatMap((method) => {
        const handle = module[method];
        return handle === undefined ? [] : [{ name: `${method} ${path}`, method, path, handle }];
      });
    }),
  );
  return found.flat();
}

const ids = () => ({
  params: Promise.resolve({ courseId: newId(), meetingId: newId(), fileId: newId(), code: 'x', token: 'x' }),
});

function knock(path: string, method: string, headers: Record<string, string>, body: BodyInit = 'a=b') {
  return new Request(`${publicUrl}${path.replace(/\[.*?\]+/g, 'x')}`, {
    method,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
}

const strangers: [string, Record<string, string>][] = [
  ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
  ['of a neighbour of ours', { origin: 'https://neighbour.tool.example', 'sec-fetch-site': 'same-site' }],
  ['that claims our origin', { origin: publicUrl, 'sec-fetch-site': 'cross-site' }],
  ['that claims our origin from next door', { origin: publicUrl, 'sec-fetch-site': 'same-site' }],
  ['from the address bar', { origin: publicUrl, 'sec-fetch-site': 'none' }],
  ['of a sandbox', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['without any origin', {}],
  ['over plain http', { origin: publicUrl.replace('https', 'http') }],
  ['that names our host alone', { host: 'tool.example', 'x-forwarded-host': 'tool.example' }],
];
const ours = { origin: publicUrl, 'sec-fetch-site': 'same-origin' };

describe('what changes something', () => {
  test('is known, door by door', async () => {
    expect((await findDoors()).map(({ name }) => name).sort()).toEqual(Object.keys(doors).sort());
  });

  test.each(strangers)('is refused to a request %s', async (_what, headers) => {
    const own = (await findDoors()).filter(({ name }) => ['own', 'needs-login'].includes(doors[name] ?? ''));
    for (const { name, path, method, handle } of own) {
      const answer = await handle(knock(path, method, headers), ids());
      expect([name, answer.status, await answer.json()]).toEqual([
        name,
        403,
        expect.objectContaining({ error: 'wrong-origin' }),
      ]);
      expect(answer.headers.getSetCookie(), name).toEqual([]);
    }
  });

  test.each(strangers)('is refused to a request %s, as a server action', async (_what, headers) => {
    for (const method of changing) {
      const action = { 'next-action': 'x', 'content-type': 'text/plain', ...headers };
      const answer = await middleware(
        new NextRequest(`${publicUrl}/courses/${newId()}/settings`, { method, headers: action, body: '[]' }),
      );
      expect([method, answer.status]).toEqual([method, 403]);
    }
  });

  test('is taken from our own pages, whatever a proxy says of the host', async () => {
    const headers = { ...ours, host: '127.0.0.1:3001', 'x-forwarded-host': 'inside.example' };
    const request = new NextRequest(`${publicUrl}/courses/${newId()}/settings`, { method: 'POST', headers });
    const answer = await middleware(request);
    expect(answer.headers.get('x-middleware-next')).toBe('1');
    // Browsers of before 2023 do not say where a request comes from.
    const old = new NextRequest(`${publicUrl}/`, { method: 'POST', headers: { origin: publicUrl } });
    expect((await middleware(old)).headers.get('x-middleware-next')).toBe('1');
  });
});

describe('a body that is too large', () => {
  /** Gives ever more, and counts what was taken. */
  function endless() {
    const counted = { bytes: 0 };
    const chunk = new Uint8Array(64 * 1024).fill(97);
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          counted.bytes += chunk.length;
          controller.enqueue(chunk);
        },
      },
      { highWaterMark: 0 },
    );
    return { counted, body };
  }
  const mostRead = 2_000_000 + 2 * 64 * 1024;

  test('is given up at every door, soon after its limit', async () => {
    for (const { name, path, method, handle } of await findDoors()) {
      const { counted, body } = endless();
      const answer = await handle(knock(path, method, ours, body), ids());
      const isRead = doors[name] !== 'needs-login';
      expect([name, answer.status]).toEqual([name, isRead ? 413 : 401]);
      if (isRead) expect(await answer.json(), name).toMatchObject({ error: 'body-too-large' });
      expect(counted.bytes, name).toBeLessThanOrEqual(isRead ? mostRead : 0);
    }
  });

  test('is not even begun where its length is told', async () => {
    for (const { name, path, method, handle } of await findDoors()) {
      if (doors[name] === 'needs-login') continue;
      const { counted, body } = endless();
      const request = knock(path, method, { ...ours, 'content-length': '100000000' }, body);
      expect([name, (await handle(request, ids())).status, counted.bytes]).toEqual([name, 413, 0]);
    }
    const action = new NextRequest(`${publicUrl}/courses/${newId()}/import`, {
      method: 'POST',
      headers: { ...ours, 'content-length': '1048577' },
    });
    expect((await middleware(action)).status).toBe(413);
  });
});

describe('who may frame a page', () => {
  const framed = { 'sec-fetch-dest': 'iframe' };
  let one: Awaited<ReturnType<typeof seedCourse>>;
  let other: Awaited<ReturnType<typeof seedCourse>>;
  let anna: SeededMember;

  /** Two schools on hosted Canvas, which share its issuer; and one with a platform of its own. */
  beforeAll(async () => {
    const { db } = tool.ctx();
    const hosted = newId();
    await db.insert(platforms).values({
      id: hosted,
      issuer: 'https://canvas.instructure.com',
      clientId: '10000000000001',
      name: 'Canvas',
      authorizeUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
      tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
      jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
    });
    one = await seedCourse(db, { platformId: hosted });
    other = await seedCourse(db, { platformId: hosted });
    anna = await one.addMember('Anna Beispiel');
    await host(one.courseId, 'one.instructure.com');
    await host(other.courseId, 'lms.other.example');
  });

  async function host(courseId: string, name: string): Promise<void> {
    const { db } = tool.ctx();
    const ofCourse = db.select({ id: courses.deploymentId }).from(courses).where(eq(courses.id, courseId));
    await db
      .update(deployments)
      .set({ frameHosts: [name] })
      .where(inArray(deployments.id, ofCourse));
  }

  const ancestors = (answer: Response) =>
    /frame-ancestors ([^;]*)/.exec(answer.headers.get('content-security-policy') ?? '')?.[1];
  const screen = async (path: string, headers: Record<string, string>) =>
    ancestors(await middleware(new NextRequest(publicUrl + path, { headers })));
  const loginOf = async ({ personId }: SeededMember) => {
    const { secrets, now } = tool.ctx();
    return `__Host-sk_login=${await sealLogin(secrets, { personId, language: 'en' }, now)}`;
  };

  test('is the school whose course it shows, and no other that shares its platform', async () => {
    expect(await screen(`/courses/${one.courseId}/members`, framed)).toBe(
      "'self' https://one.instructure.com",
    );
    expect(await screen(`/courses/${other.courseId}`, framed)).toBe("'self' https://lms.other.example");
    // Browsers that do not say what a page is for.
    expect(await screen(`/courses/${one.courseId}`, {})).toBe("'self' https://one.instructure.com");
  });

  test('is, on a phone’s page, the school of whoever is signed in', async () => {
    const ask = async (headers: Record<string, string>) =>
      ancestors(await getCodePage(new Request(`${publicUrl}/c`, { headers }), undefined));
    expect(await ask({ ...framed, cookie: await loginOf(anna) })).toBe("'self' https://one.instructure.com");
    expect(await ask(framed)).toBe("'self'");
  });

  test('is nobody where no course is named, or none is there, or the page stands alone', async () => {
    for (const path of ['/', '/courses', '/courses/x', `/courses/${newId()}`]) {
      expect(await screen(path, framed)).toBe("'self'");
    }
    expect(await screen(`/courses/${one.courseId}`, { 'sec-fetch-dest': 'document' })).toBe("'self'");
  });

  test('is nobody any more when the platform is switched off', async () => {
    const { db } = tool.ctx();
    await db.update(platforms).set({ disabledAt: new Date() }).where(eq(platforms.id, one.platformId));
    expect(await screen(`/courses/${one.courseId}`, framed)).toBe("'self'");
    await db.update(platforms).set({ disabledAt: null }).where(eq(platforms.id, one.platformId));
  });
});

describe('the headers', () => {
  test('of a screen let nothing run that is not ours', async () => {
    const answer = await middleware(new NextRequest(`${publicUrl}/courses/${newId()}/settings`));
    const policy = answer.headers.get('content-security-policy') ?? '';
    const [, scripts = ''] = /script-src ([^;]*)/.exec(policy) ?? [];
    expect(scripts).toMatch(/^'self' 'nonce-[\w-]{16}' 'strict-dynamic'$/);
    for (const directive of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
    ]) {
      expect(policy.split('; ')).toContain(directive);
    }
    const again = await middleware(new NextRequest(`${publicUrl}/courses/${newId()}/settings`));
    expect(again.headers.get('content-security-policy')).not.toBe(policy);
    expect(answer.headers.get('permissions-policy')).toContain('camera=()');
  });

  test('let the page that reads cards and codes use the camera and WebAssembly, and no other', async () => {
    const path = `/courses/${newId()}/meetings/${newId()}/by-hand`;
    const { headers } = await middleware(new NextRequest(publicUrl + path));
    expect(headers.get('permissions-policy')).toContain('camera=(self)');
    expect(headers.get('content-security-policy')).toContain("'wasm-unsafe-eval'");
  });

  test('of an answer that says nothing else allow nothing', () => {
    expect(baseHeaders('/api/x', 'application/json')).toEqual({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'permissions-policy': permissionsPolicy(),
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
    expect(permissionsPolicy()).not.toContain('self');
  });

  test('leave a platform its picture of us, the window that opened us, and the build’s files to their cache', () => {
    expect(baseHeaders('/icon.svg', 'image/svg+xml')['cross-origin-resource-policy']).toBe('cross-origin');
    expect(baseHeaders('/lti/login', 'text/html')).not.toHaveProperty('cross-origin-opener-policy');
    expect(baseHeaders('/_next/static/a.js', 'text/javascript')).not.toHaveProperty('cache-control');
  });
});
