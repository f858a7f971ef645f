import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  clientId,
  deploymentId,
  mainTool,
  secondClientId,
  secondClientTool,
  secondDeployment,
} from '../../demo/identity.ts';
import { known } from '../../demo/people.ts';
import type { DemoUnderTest } from '../support/demo-browser.ts';
import { control, DemoBrowser, readForm, startDemoForTest } from '../support/demo-browser.ts';

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const lis = 'http://purl.imsglobal.org/vocab/lis/v2';

let demo: DemoUnderTest;
beforeAll(async () => {
  demo = await startDemoForTest();
});
afterAll(() => demo.close());
afterEach(async () => {
  await control(demo, 'clock', { offsetMs: 0 });
  await control(demo, 'next-launch', undefined, 'DELETE');
});

async function signedIn(person: number): Promise<DemoBrowser> {
  const browser = new DemoBrowser(demo.url);
  await browser.signIn(person);
  return browser;
}

describe('the way into the tool', () => {
  test('who is not signed in comes back to the same place after signing in', async () => {
    const browser = new DemoBrowser(demo.url);
    const place = '/courses/101/external_tools/5?display=borderless&launch_url=http%3A%2F%2Fx%2Fc%2F1';
    const answer = await browser.get(place);
    expect(answer.status).toBe(302);
    const signIn = new URL(answer.headers.get('location') ?? '', demo.url);
    expect(signIn.pathname).toBe('/login');
    const back = await browser.post('/login', {
      person: String(known.firstStudent),
      return_to: signIn.searchParams.get('return_to') ?? '',
    });
    expect(back.headers.get('location')).toBe(place);
  });

  test('a second factor stands between the person and the way back, and takes six digits', async () => {
    const browser = new DemoBrowser(demo.url);
    const back = '/courses/101/external_tools/5?display=borderless';
    const fields = { person: String(known.firstStudent), return_to: back };
    const asks = await browser.post('/login', { ...fields, second_factor: 'on' });
    expect(asks.status).toBe(200);
    expect(await asks.text()).toContain('autocomplete="one-time-code"');
    expect((await browser.post('/login', { ...fields, code: '12345' })).status).toBe(400);
    expect((await browser.get(back)).status).toBe(302);
    const done = await browser.post('/login', { ...fields, code: '123 456' });
    expect(done.headers.get('location')).toBe(back);
    expect((await browser.get(back)).status).toBe(200);
  });

  test.each(['//evil.example/', 'https://evil.example/', '/\\evil.example', '/\t/evil.example'])(
    'the sign-in page leads nowhere else: %s',
    async (place) => {
      const answer = await new DemoBrowser(demo.url).post('/login', { person: '1001', return_to: place });
      expect(new URL(answer.headers.get('location') ?? '', demo.url).origin).toBe(demo.url);
    },
  );

  test('who is not enrolled is refused, an administrator is not', async () => {
    expect((await (await signedIn(known.otherTeacher)).get('/courses/103')).status).toBe(403);
    expect((await (await signedIn(known.teacher)).get('/courses/102/external_tools/5')).status).toBe(403);
    expect((await (await signedIn(known.admin)).get('/courses/103/external_tools/5')).status).toBe(200);
  });

  test('the login request has Canvas’ fields', async () => {
    const browser = await signedIn(known.teacher);
    const page = await (await browser.get('/courses/101/external_tools/5')).text();
    const { action, fields } = readForm(page);
    expect(action).toBe(`${demo.tool.url}/lti/login`);
    expect(fields).toEqual({
      iss: demo.url,
      login_hint: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      client_id: clientId,
      target_link_uri: `${demo.tool.url}/lti/launch`,
      lti_message_hint: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      deployment_id: deploymentId,
      canvas_environment: 'prod',
      canvas_region: 'not_configured',
      lti_storage_target: 'post_message_forwarding',
    });
    expect(page).toContain('name="tool_content"');
    expect(page).toContain('name="post_message_forwarding"');
  });

  test('a mobile web view offers no platform storage and no frame', async () => {
    const browser = await signedIn(known.firstStudent);
    const page = await (await browser.get('/courses/101/external_tools/5?platform=mobile')).text();
    expect(readForm(page).fields).not.toHaveProperty('lti_storage_target');
    expect(page).not.toContain('<iframe');
  });

  test('launch_url counts on the tool’s host only, and keeps its query', async () => {
    const browser = await signedIn(known.firstStudent);
    const open = (url: string): Promise<Record<string, string>> =>
      browser.openTool(
        `/courses/101/external_tools/5?display=borderless&launch_url=${encodeURIComponent(url)}`,
      );
    const own = `${demo.tool.url}/lti/launch?code=AB12&x=%2F`;
    expect((await open(own)).target_link_uri).toBe(own);
    const host = new URL(demo.tool.url).host;
    for (const foreign of [
      'https://evil.example/',
      `http://${host}@evil.example/`,
      `http://${host}.evil.example/`,
    ]) {
      expect((await open(foreign)).target_link_uri).toBe(`${demo.tool.url}/lti/launch`);
    }
    const launched = await browser.launch(
      demo.tool,
      `/courses/101/external_tools/5?display=borderless&launch_url=${encodeURIComponent(own)}`,
    );
    expect(launched.claims[claim('target_link_uri')]).toBe(own);
  });

  test('retrieve finds the tool by its address, and by client id where two fit', async () => {
    const browser = await signedIn(known.firstStudent);
    const path = (url: string, more = ''): string =>
      `/courses/101/external_tools/retrieve?display=borderless&url=${encodeURIComponent(url)}${more}`;
    const own = `${demo.tool.url}/lti/launch?code=1`;
    expect(await browser.openTool(path(own))).toMatchObject({ client_id: clientId, target_link_uri: own });
    expect(await browser.openTool(path(own, `&client_id=${secondClientId}`))).toMatchObject({
      client_id: secondClientId,
    });
    expect((await browser.get(path('https://evil.example/'))).status).toBe(400);
    expect((await browser.get(path(own, '&resource_link_lookup_uuid=unknown'))).status).toBe(400);
  });
});

describe('the other installations', () => {
  test('are another tenant of the same key, and another key', async () => {
    const browser = await signedIn(known.teacher);
    for (const tool of [secondDeployment, secondClientTool]) {
      const { claims } = await browser.launch(demo.tool, `/courses/101/external_tools/${String(tool.id)}`);
      expect(claims).toMatchObject({ aud: tool.clientId, [claim('deployment_id')]: tool.deploymentId });
    }
    expect(secondDeployment.clientId).toBe(mainTool.clientId);
    expect(secondDeployment.deploymentId).not.toBe(mainTool.deploymentId);
    expect((await browser.get('/courses/101/external_tools/99')).status).toBe(404);
  });
});

describe('the authorisation endpoint', () => {
  test.each(['GET', 'POST'] as const)('answers %s with a signed id_token and the state', async (method) => {
    const browser = await signedIn(known.teacher);
    const answer = await browser.authorize(demo.tool, await browser.openTool(), {}, method);
    const { action, fields } = readForm(await answer.text());
    expect(action).toBe(`${demo.tool.url}/lti/launch`);
    expect(fields.state).toBe('a-state');
    const keys = createRemoteJWKSet(new URL(`${demo.url}/api/lti/security/jwks`));
    const { payload, protectedHeader } = await jwtVerify(fields.id_token ?? '', keys, {
      issuer: demo.url,
      audience: clientId,
      algorithms: ['RS256'],
    });
    expect(payload.nonce).toBe('a-nonce');
    expect(protectedHeader.kid).toMatch(/^\d{4}-\d\d-/);
  });

  test.each(['lti_message_hint', 'nonce', 'prompt', 'response_mode', 'response_type', 'scope', 'login_hint'])(
    'without %s the tool is told so',
    async (name) => {
      const browser = await signedIn(known.teacher);
      const answer = await browser.authorize(demo.tool, await browser.openTool(), { [name]: undefined });
      const { action, fields } = readForm(await answer.text());
      expect(action).toBe(`${demo.tool.url}/lti/launch`);
      expect(fields).toMatchObject({ error: 'invalid_request_object', state: 'a-state' });
      expect(fields.error_description).toContain(name);
    },
  );

  test('the scope is openid and nothing else', async () => {
    const browser = await signedIn(known.teacher);
    const answer = await browser.authorize(demo.tool, await browser.openTool(), { scope: 'openid profile' });
    expect(readForm(await answer.text()).fields.error).toBe('invalid_request_object');
  });

  test('a foreign redirect_uri, an unknown client and a foreign hint end on the platform’s own page', async () => {
    const browser = await signedIn(known.teacher);
    const login = await browser.openTool();
    for (const changes of [
      { redirect_uri: 'https://evil.example/lti/launch' },
      { redirect_uri: `${demo.tool.url}/lti/launch/other` },
      { redirect_uri: undefined },
      { client_id: '10000000000099' },
      { lti_message_hint: 'not.a.hint' },
    ]) {
      const answer = await browser.authorize(demo.tool, login, changes);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain('data-auto-submit');
    }
    // A query behind the registered address is allowed.
    const answer = await browser.authorize(demo.tool, login, {
      redirect_uri: `${demo.tool.url}/lti/launch?x=1`,
    });
    expect(readForm(await answer.text()).fields).toHaveProperty('id_token');
  });

  test('a launch is good once', async () => {
    const browser = await signedIn(known.teacher);
    const login = await browser.openTool();
    const answers = await Promise.all([1, 2, 3].map(() => browser.authorize(demo.tool, login)));
    const forms = await Promise.all(answers.map(async (answer) => readForm(await answer.text()).fields));
    expect(forms.filter((fields) => 'id_token' in fields)).toHaveLength(1);
    expect(forms.filter((fields) => fields.error === 'launch_no_longer_valid')).toHaveLength(2);
  });

  test('a launch is good for five minutes', async () => {
    const browser = await signedIn(known.teacher);
    const [early, late] = [await browser.openTool(), await browser.openTool()];
    await control(demo, 'clock', { offsetMs: 295_000 });
    const answer = await browser.authorize(demo.tool, early);
    expect(readForm(await answer.text()).fields).toHaveProperty('id_token');
    await control(demo, 'clock', { offsetMs: 305_000 });
    const tooLate = await browser.authorize(demo.tool, late);
    expect(readForm(await tooLate.text()).fields.error).toBe('launch_no_longer_valid');
  });

  test('another person in the browser, or nobody, must sign in again', async () => {
    const teacher = await signedIn(known.teacher);
    const login = await teacher.openTool();
    for (const browser of [await signedIn(known.firstStudent), new DemoBrowser(demo.url)]) {
      const answer = await browser.authorize(demo.tool, login);
      expect(readForm(await answer.text()).fields.error).toBe('login_required');
    }
    // The refused tries have not used the launch up.
    const answer = await teacher.authorize(demo.tool, login);
    expect(readForm(await answer.text()).fields).toHaveProperty('id_token');
  });

  test('a launch of one client is not given to another, nor to one that is switched off', async () => {
    const browser = await signedIn(known.teacher);
    const login = await browser.openTool();
    const other = await browser.authorize(demo.tool, login, { client_id: secondClientId });
    expect(readForm(await other.text()).fields.error).toBe('unauthorized_client');
    await control(demo, 'clients', { clientId, active: false });
    const off = await browser.authorize(demo.tool, login);
    await control(demo, 'clients', { clientId, active: true });
    expect(readForm(await off.text()).fields.error).toBe('unauthorized_client');
  });

  test('keys rotate: the new one signs, the old one stays published', async () => {
    const browser = await signedIn(known.teacher);
    const before = decodeProtectedHeader((await browser.launch(demo.tool)).fields.id_token ?? '').kid;
    const { kid } = await control<{ kid: string }>(demo, 'rotate-keys', {});
    const after = decodeProtectedHeader((await browser.launch(demo.tool)).fields.id_token ?? '').kid;
    expect(after).toBe(kid);
    expect(after).not.toBe(before);
    const answer = await fetch(`${demo.url}/api/lti/security/jwks`);
    expect(answer.headers.get('cache-control')).toMatch(/max-age=\d+/);
    const { keys } = (await answer.json()) as { keys: Record<string, unknown>[] };
    expect(keys.map((key) => key.kid)).toEqual(expect.arrayContaining([before, after]));
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});

describe('the message', () => {
  test('of a teacher', async () => {
    const { claims } = await (await signedIn(known.teacher)).launch(demo.tool);
    const context = claims[claim('context')] as { id: string };
    expect(claims).toMatchObject({
      iss: demo.url,
      aud: clientId,
      azp: clientId,
      sub: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ) as string,
      name: 'Katharina Lindner',
      locale: 'de',
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('version')]: '1.3.0',
      [claim('deployment_id')]: deploymentId,
      [claim('resource_link')]: { id: context.id },
      [claim('roles')]: [
        `${lis}/institution/person#Instructor`,
        `${lis}/membership#Instructor`,
        `${lis}/system/person#User`,
      ],
      'https://www.instructure.com/placement': 'course_navigation',
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
        context_memberships_url: `${demo.url}/api/lti/courses/101/names_and_roles`,
      },
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(3600);
    expect(mainTool.deploymentId).toMatch(/^5:[0-9a-f]{40}$/);
    expect(claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint']).not.toHaveProperty('lineitem');
  });

  test('says when it was made: when the person clicked, not when the tool asked', async () => {
    const browser = await signedIn(known.teacher);
    const login = await browser.openTool();
    const clicked = Math.floor(Date.now() / 1000);
    await control(demo, 'clock', { offsetMs: 240_000 });
    const answer = await browser.authorize(demo.tool, login);
    const token = readForm(await answer.text()).fields.id_token ?? '';
    const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      iat: number;
    };
    expect(Math.abs(payload.iat - clicked)).toBeLessThan(5);
  });

  test.each([
    [known.firstStudent, [`${lis}/membership#Learner`], [`${lis}/membership#Instructor`]],
    [
      known.assistant,
      [`${lis}/membership/Instructor#TeachingAssistant`, `${lis}/membership#Instructor`],
      [`${lis}/membership#Learner`],
    ],
    // Teaches elsewhere, learns here.
    [
      known.otherTeacher,
      [`${lis}/membership#Learner`, `${lis}/institution/person#Instructor`],
      [`${lis}/membership#Instructor`],
    ],
    [known.observer, [`${lis}/membership#Mentor`], [`${lis}/membership#Learner`]],
    [known.admin, [`${lis}/institution/person#Administrator`], [`${lis}/membership#Instructor`]],
  ])('of person %i has the right roles', async (person, has, hasNot) => {
    const { claims } = await (await signedIn(person)).launch(demo.tool);
    const roles = claims[claim('roles')] as string[];
    expect(roles).toEqual(expect.arrayContaining(has));
    for (const role of hasNot) expect(roles).not.toContain(role);
  });

  test('expands variables, and leaves what it cannot resolve as it was written', async () => {
    const { claims } = await (await signedIn(1113)).launch(demo.tool);
    expect(claims[claim('custom')]).toMatchObject({
      canvas_user_id: 1113,
      canvas_course_id: 101,
      api_domain: new URL(demo.url).host,
      section_ids: '2101,2102',
      section_names: '["Gruppe A","Gruppe B"]',
      course_start: '2026-09-01 00:00:00 +0200',
      masquerader: '$Canvas.masqueradingUser.id',
      unknown_field: '$Canvas.no.such.variable',
    });
    const { claims: withoutSis } = await (await signedIn(1110)).launch(demo.tool);
    expect(withoutSis[claim('custom')]).toMatchObject({ sis_user_id: '$Canvas.user.sisSourceId' });
  });

  test('tells who really sits there when an administrator acts as somebody', async () => {
    const browser = await signedIn(known.admin);
    await browser.post('/act_as', { person: String(known.firstStudent) });
    const { claims } = await browser.launch(demo.tool);
    expect(claims.name).toBe('Lea Sommer');
    expect(claims[claim('custom')]).toMatchObject({ masquerader: known.admin });
    // Nobody else may.
    const teacher = await signedIn(known.teacher);
    expect((await teacher.post('/act_as', { person: String(known.firstStudent) })).status).toBe(403);
  });

  test('of Student View is a test user’s, one per course', async () => {
    const browser = await signedIn(known.teacher);
    await browser.post('/courses/101/student_view', {});
    const { claims } = await browser.launch(demo.tool);
    expect(claims[claim('roles')]).toEqual(
      expect.arrayContaining([
        `${lis}/membership#Learner`,
        'http://purl.imsglobal.org/vocab/lti/system/person#TestUser',
      ]),
    );
    await browser.post('/act_as/stop', {});
    expect((await browser.launch(demo.tool)).claims.name).toBe('Katharina Lindner');
    const student = await signedIn(known.firstStudent);
    expect((await student.post('/courses/101/student_view', {})).status).toBe(403);
  });

  test('leaves out what privacy keeps back, for all or for one person', async () => {
    const browser = await signedIn(known.firstStudent);
    await control(demo, 'people', { personId: known.firstStudent, privacy: 'anonymous' }, 'PATCH');
    const { claims } = await browser.launch(demo.tool);
    for (const name of ['name', 'given_name', 'family_name', 'email', 'picture', claim('lis')]) {
      expect(claims).not.toHaveProperty([name]);
    }
    await control(demo, 'people', { personId: known.firstStudent, privacy: null }, 'PATCH');
    await control(demo, 'privacy', { privacy: 'name_only' });
    const named = (await browser.launch(demo.tool)).claims;
    await control(demo, 'privacy', { privacy: 'public' });
    expect(named.name).toBe('Lea Sommer');
    expect(named).not.toHaveProperty('email');
  });

  test('can be spoiled on purpose', async () => {
    const browser = await signedIn(known.teacher);
    const spoil = async (
      change: unknown,
    ): Promise<{
      header: Record<string, unknown>;
      claims: Record<string, unknown>;
      fields: Record<string, string>;
      token: string[];
    }> => {
      await control(demo, 'next-launch', change);
      const { fields } = await browser.launch(demo.tool);
      const token = (fields.id_token ?? '').split('.');
      const [header, claims] = token
        .slice(0, 2)
        .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
      return { header: header ?? {}, claims: claims ?? {}, fields, token };
    };
    expect((await spoil({ kid: null })).header).not.toHaveProperty('kid');
    expect((await spoil({ kid: 'unknown' })).header.kid).toBe('unknown');
    expect((await spoil({ remove: [claim('version')] })).claims).not.toHaveProperty([claim('version')]);
    expect((await spoil({ set: { [claim('version')]: '11.3' } })).claims[claim('version')]).toBe('11.3');
    expect((await spoil({ payload: { name: 'badltilaunch' } })).claims).toEqual({ name: 'badltilaunch' });
    expect((await spoil({ nonce: 'another' })).claims.nonce).toBe('another');
    expect((await spoil({ state: null })).fields).not.toHaveProperty('state');
    expect(await spoil({ signature: 'none' })).toMatchObject({ header: { alg: 'none' }, token: { 2: '' } });
    expect((await spoil({ signature: 'hmac-with-public-key' })).header.alg).toBe('HS256');
    const shifted = (await spoil({ shift: { iat: -7200, exp: -7200 } })).claims;
    expect(Number(shifted.exp)).toBeLessThan(Date.now() / 1000);
    const keys = createRemoteJWKSet(new URL(`${demo.url}/api/lti/security/jwks`));
    for (const signature of ['broken', 'foreign-key']) {
      const { fields } = await spoil({ signature });
      await expect(jwtVerify(fields.id_token ?? '', keys)).rejects.toThrow('signature verification failed');
    }
    // And afterwards it is right again.
    await expect(
      jwtVerify((await browser.launch(demo.tool)).fields.id_token ?? '', keys),
    ).resolves.toBeDefined();
  });
});

describe('the pages', () => {
  test('names are text, whatever is in them', async () => {
    const browser = await signedIn(known.teacher);
    const page = await (await browser.get('/courses/101/users')).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;, Bobby');
    expect(page).not.toContain('<script>alert');
  });

  test('forms of other sites are refused', async () => {
    const browser = await signedIn(known.teacher);
    const answer = await browser.post('/logout', {}, { origin: demo.tool.url });
    expect(answer.status).toBe(403);
    expect((await browser.get('/courses')).status).toBe(200);
  });

  test('speak the browser’s language, or the one that was chosen', async () => {
    const browser = new DemoBrowser(demo.url);
    expect(await (await browser.get('/', { 'accept-language': 'de-AT,en;q=0.5' })).text()).toContain(
      '<html lang="de">',
    );
    expect(await (await browser.get('/', { 'accept-language': 'fr,en;q=0.5' })).text()).toContain(
      '<html lang="en">',
    );
    await browser.post('/language', { lang: 'de', return_to: '/' });
    expect(await (await browser.get('/', { 'accept-language': 'en' })).text()).toContain('<html lang="de">');
  });

  test('a teacher adds and removes a student; a student may not', async () => {
    const browser = await signedIn(known.teacher);
    await browser.post('/courses/101/users', { given: 'Nele', family: 'Neuling', section: '2102' });
    const page = await (await browser.get('/courses/101/users')).text();
    const id = /users\/(\d+)\/remove"[^<]*<button[^>]*Nele Neuling/.exec(page)?.[1];
    expect(id).toBeDefined();
    const student = await signedIn(known.firstStudent);
    expect((await student.post(`/courses/101/users/${String(id)}/remove`, {})).status).toBe(403);
    await browser.post(`/courses/101/users/${String(id)}/remove`, {});
    expect(await (await browser.get('/courses/101/users')).text()).not.toContain('Neuling');
  });

  test('only the demo’s own pages may frame it', async () => {
    const policy = (await fetch(demo.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`frame-ancestors 'self' http://*.localhost:${new URL(demo.url).port}`);
    expect(policy).toContain("script-src 'self'");
  });
});
