import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { eq } from 'drizzle-orm';
import { newId } from '#lib/base/ids.ts';
import { openDatabase } from '#lib/db/client.ts';
import { courses, meetings } from '#lib/db/schema.ts';
import { claimNames } from '#lib/lti/claim-names.ts';
import { POST as postStartCheckIn } from '../../app/courses/[courseId]/check-in/route.ts';
import { POST as postHandOverWindow } from '../../app/handover/route.ts';
import { POST as postHandOverTicket } from '../../app/api/handover/route.ts';
import { POST as postDeepLink } from '../../app/lti/deep-link/route.ts';
import { GET as getKeys } from '../../app/lti/jwks/route.ts';
import { GET as getLaunch, POST as postLaunch } from '../../app/lti/launch/route.ts';
import { GET as getLogin, POST as postLogin } from '../../app/lti/login/route.ts';
import { clientId, issuer, membershipRole } from '../support/launch-signer.ts';
import type { LaunchWords } from '../support/launch-signer.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

// Next's answer to `finishScan` and friends is not asked here: these doors stand before any screen.
const tool = useTestProcess();

const loginFields = {
  iss: issuer,
  client_id: clientId,
  login_hint: 'a1b2',
  lti_message_hint: 'hint',
  target_link_uri: `${publicUrl}/lti/launch`,
};

function formPost(
  path: string,
  fields: Record<string, string> | string,
  headers: Record<string, string> = {},
) {
  return new Request(publicUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html', ...headers },
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  });
}

const cookiePair = (setCookie: string) => setCookie.split(';')[0] ?? '';

/** What browsers say when the page is to stand alone, and when it is to stand in a frame. */
const ownPage = { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site' };
const inFrame = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };

async function begin() {
  const answer = await postLogin(formPost('/lti/login', loginFields, ownPage), undefined);
  const to = new URL(answer.headers.get('location') ?? '');
  return {
    answer,
    to,
    state: to.searchParams.get('state') ?? '',
    nonce: to.searchParams.get('nonce') ?? '',
    cookie: cookiePair(answer.headers.getSetCookie()[0] ?? ''),
  };
}

async function launch(words: Partial<LaunchWords> & { sub: string }) {
  const begun = await begin();
  const idToken = await tool.signer.sign({ nonce: begun.nonce, now: new Date(), ...words });
  const request = () =>
    formPost('/lti/launch', { id_token: idToken, state: begun.state }, { cookie: begun.cookie });
  return { answer: await postLaunch(request(), undefined), again: () => postLaunch(request(), undefined) };
}

async function loginCookie(sub: string): Promise<string> {
  const { answer } = await launch({ sub });
  return cookiePair(answer.headers.getSetCookie().find((c) => c.includes('sk_login')) ?? '');
}

describe('/lti/login', () => {
  test('sends the browser to the platform with all that Canvas asks for, and a cookie for frames', async () => {
    const { answer, to } = await begin();
    expect(answer.status).toBe(302);
    expect(`${to.origin}${to.pathname}`).toBe('https://sso.example/authorize');
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: clientId,
      redirect_uri: `${publicUrl}/lti/launch`,
      login_hint: 'a1b2',
      lti_message_hint: 'hint',
    });
    const [cookie] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-sk_state_/);
    for (const part of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=None', 'Partitioned', 'Max-Age=600']) {
      expect(cookie).toContain(part);
    }
  });

  test('takes GET as well', async () => {
    const query = new URLSearchParams(loginFields).toString();
    const request = new Request(`${publicUrl}/lti/login?${query}`, { headers: ownPage });
    expect((await getLogin(request, undefined)).status).toBe(302);
  });

  test.each<[string, Record<string, string>]>([
    ['in a frame', inFrame],
    ['in a browser that does not say where', {}],
    [
      'posted again by our own page',
      { origin: publicUrl, 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin' },
    ],
  ])('finds out first what the browser keeps: %s', async (_where, headers) => {
    const fields = { ...loginFields, lti_storage_target: '"><script>alert(1)</script>' };
    const answer = await postLogin(formPost('/lti/login', fields, headers), undefined);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-sk_state_/);
    expect(page).toContain('data-continue-to="https://sso.example/authorize?');
    expect(page).toContain('data-platform-origin="https://sso.example"');
    expect(page).toContain('name="login_hint" value="a1b2"');
    expect(page).not.toContain('<script>alert');
    expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[\w-]+'/);
  });

  test.each<[string, string | Record<string, string>, number, RegExp]>([
    ['nothing', {}, 400, /incomplete/],
    ['no login_hint', { ...loginFields, login_hint: '' }, 400, /incomplete/],
    ['an issuer given twice', `${new URLSearchParams(loginFields).toString()}&iss=x`, 400, /incomplete/],
    ['an unknown issuer', { ...loginFields, iss: 'https://evil.example' }, 403, /not registered/],
    ['an unknown client', { ...loginFields, client_id: '9' }, 403, /not registered/],
    [
      'a target elsewhere',
      { ...loginFields, target_link_uri: 'https://evil.example/' },
      403,
      /leads elsewhere/,
    ],
    ['HTML in a field', { ...loginFields, iss: '"><script>alert(1)</script>' }, 403, /not registered/],
    ['more than a form holds', 'x='.padEnd(200_000, 'y'), 413, /too much/],
  ])('answers %s with a page', async (_what, fields, status, words) => {
    const answer = await postLogin(formPost('/lti/login', fields), undefined);
    const page = await answer.text();
    expect(answer.status).toBe(status);
    expect(page).toMatch(words);
    expect(page).not.toContain('<script');
    expect(page).not.toContain('evil.example');
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(page).toContain(answer.headers.get('x-request-id') ?? 'a request id');
  });

  test('speaks the browser’s language', async () => {
    const answer = await postLogin(
      formPost('/lti/login', {}, { 'accept-language': 'de-AT,en;q=0.5' }),
      undefined,
    );
    expect(await answer.text()).toContain('lang="de"');
  });
});

describe('/lti/launch', () => {
  test('signs in and goes on with GET', async () => {
    const { answer } = await launch({ sub: 'anna' });
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toMatch(/^https:\/\/tool\.example\/courses\/[0-9a-f-]{36}$/);
    const cookies = answer.headers.getSetCookie();
    expect(cookies.find((cookie) => cookie.startsWith('__Host-sk_login='))).toContain('Partitioned');
    expect(cookies.find((cookie) => cookie.includes('sk_state'))).toContain('Max-Age=0');
  });

  test('the same launch again is told what happened', async () => {
    const { again } = await launch({ sub: 'anna' });
    const answer = await again();
    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('used already');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  describe('that was to finish a scan', () => {
    const target = `${publicUrl}/c/finish?ticket=sealed`;

    /** Asks while there is no database. */
    async function whileAway(ask: () => Promise<Response>): Promise<Response> {
      const { running } = tool;
      const there = running.database;
      running.database = openDatabase('postgres://nobody@127.0.0.1:9/none', {
        poolMax: 1,
        onIdleError: () => undefined,
      });
      try {
        return await ask();
      } finally {
        await running.database.close();
        running.database = there;
      }
    }

    async function expectToWait(answer: Response) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('3');
      expect(await answer.text()).toMatch(/http-equiv="refresh" content="\d;url=\/c\/finish\?ticket=sealed"/);
    }

    test('its login finds no database: the scan waits, and the page tries again by itself', async () => {
      const fields = { ...loginFields, target_link_uri: target };
      await expectToWait(
        await whileAway(() => postLogin(formPost('/lti/login', fields, ownPage), undefined)),
      );
    });

    test('its launch likewise', async () => {
      const { state, nonce, cookie } = await begin();
      const idToken = await tool.signer.sign({ sub: 'anna', nonce, now: new Date(), target });
      const request = formPost('/lti/launch', { id_token: idToken, state }, { cookie });
      await expectToWait(await whileAway(() => postLaunch(request, undefined)));
    });

    test('comes once more after it went well, without the key that went with it; without any cookie it is told', async () => {
      const { state, nonce } = await begin();
      const idToken = await tool.signer.sign({ sub: 'anna', nonce, now: new Date(), target });
      const once = (headers: Record<string, string>) =>
        postLaunch(formPost('/lti/launch', { id_token: idToken, state }, headers), undefined);
      const answer = await once({ cookie: await loginCookie('anna') });
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe(target);
      expect(answer.headers.getSetCookie()).toEqual([]);
      expect((await once({})).status).toBe(403);
    });

    test('and has been used up before its answer came: the scan is still there', async () => {
      const { again } = await launch({ sub: 'anna', target });
      const answer = await again();
      expect(answer.status).toBe(303);
      expect(answer.headers.get('location')).toBe(target);
      expect(answer.headers.getSetCookie()).toEqual([]);
    });
  });

  test.each<[string, Partial<LaunchWords>, number]>([
    ['another audience', { change: { aud: 'x' } }, 403],
    ['expired', { change: { exp: 22222, iat: 11111 } }, 403],
    ['an unknown deployment', { deployment: '9:x' }, 403],
    ['no course', { change: { 'https://purl.imsglobal.org/spec/lti/claim/context': undefined } }, 400],
    ['no role here', { roles: [] }, 403],
  ])('%s gets a page and no login', async (_what, words, status) => {
    const { answer } = await launch({ sub: 'mallory', ...words });
    expect(answer.status).toBe(status);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await answer.text()).not.toContain('mallory');
  });

  test('a token of 1 MB is not even read', async () => {
    const begun = await begin();
    const answer = await postLaunch(
      formPost(
        '/lti/launch',
        { id_token: 'x'.repeat(1_000_000), state: begun.state },
        { cookie: begun.cookie },
      ),
      undefined,
    );
    expect(answer.status).toBe(413);
  });

  test('the state of another browser', async () => {
    const begun = await begin();
    const idToken = await tool.signer.sign({ sub: 'anna', nonce: begun.nonce, now: new Date() });
    const answer = await postLaunch(
      formPost('/lti/launch', { id_token: idToken, state: begun.state }),
      undefined,
    );
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('did not keep our cookie');
  });

  test('the platform’s own refusal is told, not reflected', async () => {
    const answer = await postLaunch(
      formPost('/lti/launch', { error: 'login_required', error_description: '<b>x</b>', state: 's' }),
      undefined,
    );
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toContain('<b>x</b>');
  });

  test('opened by the address bar', async () => {
    const answer = await getLaunch(new Request(`${publicUrl}/lti/launch`), undefined);
    expect(answer.status).toBe(400);
  });
});

test('/lti/jwks shows public halves alone', async () => {
  const answer = await getKeys(new Request(`${publicUrl}/lti/jwks`), undefined);
  const { keys } = (await answer.json()) as { keys: Record<string, string>[] };
  expect(keys).toHaveLength(1);
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});

const own = { origin: publicUrl, 'sec-fetch-site': 'same-origin' };

/** The value of an attribute or a hidden field in a page of ours. */
const attribute = (page: string, name: string) =>
  new RegExp(`${name}="([^"]*)"`).exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';

describe('a launch in a frame that keeps no cookie', () => {
  async function launchInFrame(sub: string) {
    const page = await (await postLogin(formPost('/lti/login', loginFields, inFrame), undefined)).text();
    const to = new URL(attribute(page, 'data-continue-to'));
    const state = to.searchParams.get('state') ?? '';
    const nonce = to.searchParams.get('nonce') ?? '';
    const idToken = await tool.signer.sign({ sub, nonce, now: new Date() });
    const fields = { id_token: idToken, state };
    return { fields, key: attribute(page, 'data-key-value'), keyName: attribute(page, 'data-key-name') };
  }
  const send = (fields: Record<string, string>, headers: Record<string, string>) =>
    postLaunch(formPost('/lti/launch', fields, headers), undefined);

  test('asks the frame for the key, and signs a tab of its own in', async () => {
    const { fields, key, keyName } = await launchInFrame('karla');
    const first = await send(fields, inFrame);
    expect(first.status).toBe(200);
    expect(first.headers.getSetCookie()).toEqual([]);
    expect(attribute(await first.text(), 'data-key-name')).toBe(keyName);

    const second = await send({ ...fields, kept_key: key }, own);
    expect(second.status).toBe(200);
    const pass = attribute(await second.text(), 'data-pass');
    const handOver = await postHandOverTicket(
      formPost('/api/handover', {}, { ...own, accept: 'application/json', authorization: `Bearer ${pass}` }),
      undefined,
    );
    const { ticket } = (await handOver.json()) as { ticket: string };
    const tab = await postHandOverWindow(formPost('/handover', { ticket, to: '/courses/x' }, own), undefined);
    expect(tab.status).toBe(303);
    expect(tab.headers.getSetCookie()[0]).toContain('sk_login');

    expect((await send({ ...fields, kept_key: key }, own)).status).toBe(409);
  });

  test.each<[string, Record<string, string>]>([
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from nowhere', {}],
    ['from a page that hides its origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ])('an attacker’s own launch with its key, posted %s, signs nobody in', async (_where, headers) => {
    const { fields, key } = await launchInFrame('mallory');
    const answer = await send({ ...fields, kept_key: key }, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test('without the key it goes no further', async () => {
    const { fields } = await launchInFrame('karla');
    const answer = await send({ ...fields, kept_key: 'none' }, own);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test('its pass lives an hour, and is no login', async () => {
    const { fields, key } = await launchInFrame('karla');
    const pass = attribute(await (await send({ ...fields, kept_key: key }, own)).text(), 'data-pass');
    const fetchTicket = (headers: Record<string, string>) =>
      postHandOverTicket(
        formPost('/api/handover', {}, { ...own, accept: 'application/json', ...headers }),
        undefined,
      );
    expect((await fetchTicket({ cookie: `__Host-sk_login=${pass}` })).status).toBe(401);
    expect((await fetchTicket({ authorization: 'Bearer x' })).status).toBe(401);
    vi.spyOn(tool.running.clock, 'now').mockReturnValue(new Date(Date.now() + 61 * 60_000));
    expect((await fetchTicket({ authorization: `Bearer ${pass}` })).status).toBe(401);
  });
});

describe('a link that a teacher places', () => {
  const returnUrl = 'https://canvas.example/courses/1/deep_linking_response';

  async function wantLink(roles = [membershipRole('Instructor')]) {
    const { answer } = await launch({
      sub: `lin-${roles.join()}`,
      roles,
      change: {
        [claimNames.messageType]: 'LtiDeepLinkingRequest',
        [claimNames.resourceLink]: undefined,
        [claimNames.deepLinkingSettings]: {
          deep_link_return_url: returnUrl,
          accept_types: ['ltiResourceLink'],
          data: 'opaque "data"',
        },
      },
    });
    return { status: answer.status, cookies: answer.headers.getSetCookie(), page: await answer.text() };
  }
  const choose = (request: string, choice: string, headers: Record<string, string> = own) =>
    postDeepLink(formPost('/lti/deep-link', { request, choice }, headers), undefined);

  test('goes back to the platform, signed by our key', async () => {
    const wanted = await wantLink();
    expect(wanted.status).toBe(200);
    const answer = await choose(attribute(wanted.page, 'name="request" value'), 'course');
    const page = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain(
      "form-action 'self' https://canvas.example;",
    );
    expect(attribute(page, 'action')).toBe(returnUrl);

    const keys = (await (
      await getKeys(new Request(`${publicUrl}/lti/jwks`), undefined)
    ).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(attribute(page, 'name="JWT" value'), createLocalJWKSet(keys), {
      algorithms: ['RS256'],
      issuer: clientId,
      audience: issuer,
    });
    expect(payload).toMatchObject({
      [claimNames.messageType]: 'LtiDeepLinkingResponse',
      [claimNames.version]: '1.3.0',
      [claimNames.deploymentId]: '5:8865aa05b4b79b64a91a86042e43af5ea8ae79eb',
      'https://purl.imsglobal.org/spec/lti-dl/claim/data': 'opaque "data"',
      'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [
        { type: 'ltiResourceLink', title: 'Anwesenheit', url: `${publicUrl}/lti/launch` },
      ],
    });
  });

  test('to a meeting is offered with the times that the meeting was planned with, as on every screen', async () => {
    const { page: before } = await wantLink();
    expect(before).toContain('Es gibt noch keine Termine');
    const [course] = await tool.running.database.db
      .select({ id: courses.id, timeZone: courses.timeZone })
      .from(courses)
      .where(eq(courses.contextId, 'course-a'));
    if (course === undefined) throw new Error('the launch keeps its course');
    const timeZone = 'Asia/Tokyo';
    expect(course.timeZone).not.toBe(timeZone);
    await tool.running.database.db.insert(meetings).values({
      id: newId(),
      courseId: course.id,
      localStart: '2026-11-28T09:00',
      localEnd: '2026-11-28T12:45',
      timeZone,
      startsAt: new Date('2026-11-28T00:00:00Z'),
      endsAt: new Date('2026-11-28T03:45:00Z'),
    });
    expect((await wantLink()).page).toMatch(/Sa\., 28\.11\.2026,\s+09:00–12:45/);
  });

  test('or nothing does, on second thought', async () => {
    const { page } = await wantLink();
    const fields = { request: attribute(page, 'name="request" value'), choice: 'course', cancel: 'yes' };
    const answer = await postDeepLink(formPost('/lti/deep-link', fields, own), undefined);
    const payload = decodeJwt(attribute(await answer.text(), 'name="JWT" value'));
    expect(payload['https://purl.imsglobal.org/spec/lti-dl/claim/content_items']).toEqual([]);
  });

  test('is nothing that a student places', async () => {
    const { status, cookies } = await wantLink([membershipRole('Learner')]);
    expect([status, cookies]).toEqual([403, []]);
  });

  test.each<[string, string, Record<string, string>, number]>([
    ['from another site', 'course', { origin: 'https://evil.example' }, 403],
    ['of something that is no meeting', '../x', own, 422],
    ['of a meeting that is not there', '0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b', own, 404],
  ])('a choice %s is refused', async (_what, choice, headers, status) => {
    const { page } = await wantLink();
    const answer = await choose(attribute(page, 'name="request" value'), choice, headers);
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain('name="JWT"');
  });

  test('a choice an hour late, or of a request that we did not make', async () => {
    const { page } = await wantLink();
    expect((await choose('forged', 'course')).status).toBe(410);
    vi.spyOn(tool.running.clock, 'now').mockReturnValue(new Date(Date.now() + 61 * 60_000));
    expect((await choose(attribute(page, 'name="request" value'), 'course')).status).toBe(410);
  });
});

describe('the hand-over to a window of its own', () => {
  async function ticketOf(sub: string): Promise<string> {
    const answer = await postHandOverTicket(
      formPost('/api/handover', {}, { ...own, accept: 'application/json', cookie: await loginCookie(sub) }),
      undefined,
    );
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { ticket: string }).ticket;
  }

  const open = (ticket: string, headers: Record<string, string>, to = '/courses/x') =>
    postHandOverWindow(formPost('/handover', { ticket, to }, headers), undefined);

  test('signs the window in, once', async () => {
    const ticket = await ticketOf('tina');
    const first = await open(ticket, own);
    expect(first.status).toBe(303);
    expect(first.headers.getSetCookie()[0]).toContain('sk_login');
    const second = await open(ticket, own);
    expect(second.status).toBe(403);
    expect(second.headers.getSetCookie()).toEqual([]);
  });

  test('an attacker’s own ticket, posted from elsewhere, signs nobody in', async () => {
    const ticket = await ticketOf('mallory');
    const attempts: Record<string, string>[] = [
      { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
      { origin: publicUrl, 'sec-fetch-site': 'cross-site' },
      {},
    ];
    for (const headers of attempts) {
      const answer = await open(ticket, headers);
      expect(answer.status).toBe(403);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
  });

  test('nobody gets a ticket without a login, or for another site', async () => {
    const anonymous = await postHandOverTicket(
      formPost('/api/handover', {}, { ...own, accept: 'application/json' }),
      undefined,
    );
    expect(anonymous.status).toBe(401);
    const foreign = await postHandOverTicket(
      formPost('/api/handover', {}, { origin: 'https://evil.example', cookie: await loginCookie('tina') }),
      undefined,
    );
    expect(foreign.status).toBe(403);
  });

  test('opens a check-in for those who run the course, not for its students', async () => {
    const teacher = await launch({ sub: 'thea', roles: [membershipRole('Instructor')] });
    const courseId = /courses\/(.+)$/.exec(teacher.answer.headers.get('location') ?? '')?.[1] ?? '';
    const start = async (sub: string, course: string) => {
      const form = formPost(`/courses/${course}/check-in`, { ticket: await ticketOf(sub) }, own);
      return postStartCheckIn(form, { params: Promise.resolve({ courseId: course }) });
    };
    for (const [sub, course] of [
      ['lea', courseId],
      ['mallory', 'nowhere'],
    ] as const) {
      const refused = await start(sub, course);
      expect(refused.status).toBe(403);
      expect(refused.headers.getSetCookie()).toEqual([]);
    }
    const cookie = cookiePair(
      teacher.answer.headers.getSetCookie().find((c) => c.includes('sk_login')) ?? '',
    );
    const ticket = await postHandOverTicket(
      formPost('/api/handover', {}, { ...own, accept: 'application/json', cookie }),
      undefined,
    );
    const { ticket: text } = (await ticket.json()) as { ticket: string };
    const opened = await postStartCheckIn(formPost(`/courses/${courseId}/check-in`, { ticket: text }, own), {
      params: Promise.resolve({ courseId }),
    });
    expect(opened.status).toBe(303);
    expect(opened.headers.get('location')).toMatch(/\/meetings\/[0-9a-f-]{36}\/projector$/);
  });

  test('is too late after 30 seconds', async () => {
    const ticket = await ticketOf('tina');
    vi.spyOn(tool.running.clock, 'now').mockReturnValue(new Date(Date.now() + 31_000));
    expect((await open(ticket, own)).status).toBe(403);
  });

  test.each(['https://evil.example/', '//evil.example', '/courses/../lti/login?x', 'javascript:alert(1)'])(
    'leads to our own pages alone, not to %s',
    async (to) => {
      const answer = await open(await ticketOf('tina'), own, to);
      expect(answer.status).toBe(422);
    },
  );
});
