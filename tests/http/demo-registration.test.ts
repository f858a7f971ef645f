import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clientId } from '../../demo/identity.ts';
import { known } from '../../demo/people.ts';
import type { DemoUnderTest, ToolSide } from '../support/demo-browser.ts';
import {
  allScopes,
  control,
  DemoBrowser,
  installTool,
  inviteTool,
  nrpsOnly,
  postRegistration,
  readForm,
  registrationOf,
  requestToken,
  signAssertion,
  startDemoForTest,
  startToolSide,
  unescapeHtml,
} from '../support/demo-browser.ts';

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const config = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

let demo: DemoUnderTest;
let tool: ToolSide;
beforeAll(async () => {
  demo = await startDemoForTest();
  tool = await startToolSide();
});
afterAll(async () => {
  await demo.close();
  await tool.close();
});
afterEach(async () => {
  await control(demo, 'clock', { offsetMs: 0 });
});

async function signedIn(person: number): Promise<DemoBrowser> {
  const browser = new DemoBrowser(demo.url);
  await browser.signIn(person);
  return browser;
}

describe('the platform’s configuration', () => {
  test('is told to who brings the registration token, in the header or in the query', async () => {
    const { openid_configuration, registration_token } = await inviteTool(demo);
    const plain = `${demo.url}/api/lti/security/openid-configuration`;
    const answers = await Promise.all([
      fetch(openid_configuration),
      fetch(plain, { headers: { authorization: `Bearer ${registration_token}` } }),
    ]);
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        issuer: demo.url,
        authorization_endpoint: `${demo.url}/api/lti/authorize_redirect`,
        registration_endpoint: `${demo.url}/api/lti/registrations`,
        jwks_uri: `${demo.url}/api/lti/security/jwks`,
        token_endpoint: `${demo.url}/login/oauth2/token`,
        authorization_server: new URL(demo.url).host,
        scopes_supported: allScopes,
        claims_supported: expect.arrayContaining(['sub', 'email', 'locale']) as string[],
        'https://purl.imsglobal.org/spec/lti-platform-configuration': {
          product_family_code: 'canvas',
          messages_supported: [
            { type: 'LtiResourceLinkRequest', placements: ['course_navigation'] },
            { type: 'LtiDeepLinkingRequest', placements: ['link_selection'] },
          ],
          variables: expect.arrayContaining(['Canvas.user.id']) as string[],
        },
      });
    }
  });

  test('is told to nobody else, and for an hour', async () => {
    const { openid_configuration, registration_token } = await inviteTool(demo);
    const plain = `${demo.url}/api/lti/security/openid-configuration`;
    for (const url of [plain, `${plain}?registration_token=x.y.z`])
      expect((await fetch(url)).status).toBe(401);
    await control(demo, 'clock', { offsetMs: 3_590_000 });
    expect((await fetch(openid_configuration)).status).toBe(200);
    await control(demo, 'clock', { offsetMs: 3_610_000 });
    expect((await fetch(openid_configuration)).status).toBe(401);
    expect((await postRegistration(demo, registration_token, registrationOf(tool.url))).status).toBe(401);
  });
});

describe('a registration', () => {
  test('gets a client id and no deployment, and spends its token', async () => {
    const { registration_token } = await inviteTool(demo);
    const answers = await Promise.all(
      [1, 2].map(() => postRegistration(demo, registration_token, registrationOf(tool.url))),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 401]);
    const body = (await answers.find((answer) => answer.ok)?.json()) as Record<string, unknown>;
    expect(body).toMatchObject({
      client_id: expect.stringMatching(/^1\d{13}$/) as string,
      client_name: 'Roll Call',
      redirect_uris: [`${tool.url}/lti/launch`],
      scope: nrpsOnly[0],
      [config]: { domain: new URL(tool.url).host },
    });
    expect(JSON.stringify(body)).not.toContain('deployment');
  });

  const inside = (configuration: Record<string, unknown>) => () =>
    registrationOf(tool.url, {}, configuration);
  const outside = (changes: Record<string, unknown>) => () => registrationOf(tool.url, changes);
  test.each([
    ['application_type', outside({ application_type: 'native' })],
    ['grant_types', outside({ grant_types: ['client_credentials'] })],
    ['response_types', outside({ response_types: ['code'] })],
    ['client_name', outside({ client_name: '' })],
    ['initiate_login_uri', outside({ initiate_login_uri: undefined })],
    ['initiate_login_uri', outside({ initiate_login_uri: 'http://tool.example/lti/login' })],
    ['redirect_uris', outside({ redirect_uris: [] })],
    ['redirect_uris.0', outside({ redirect_uris: ['javascript:alert(1)'] })],
    ['jwks_uri', outside({ jwks_uri: undefined })],
    ['jwks_uri', outside({ jwks_uri: 'https://user@tool.example/jwks' })],
    ['token_endpoint_auth_method', outside({ token_endpoint_auth_method: 'client_secret_basic' })],
    ['scope', outside({ scope: `${allScopes.join(' ')} https://canvas.instructure.com/lti/nothing` })],
    ['scope', outside({ scope: undefined })],
    ['logo_uri', outside({ logo_uri: 'nowhere' })],
    [config, outside({ [config]: undefined })],
    [`${config}.domain`, inside({ domain: 'https://tool.example' })],
    [`${config}.target_link_uri`, inside({ target_link_uri: undefined })],
    [`${config}.target_link_uri`, inside({ target_link_uri: 'https://other.example/lti/launch' })],
    [`${config}.claims`, inside({ claims: undefined })],
    [`${config}.messages`, inside({ messages: undefined })],
    [`${config}.messages.0.type`, inside({ messages: [{ type: 'LtiSubmissionReviewRequest' }] })],
    [
      `${config}.messages.0.placements.0`,
      inside({ messages: [{ type: 'LtiResourceLinkRequest', placements: ['somewhere'] }] }),
    ],
    [`${config}.custom_parameters.a`, inside({ custom_parameters: { a: 1 } })],
    [
      `${config}.https://canvas.instructure.com/lti/privacy_level`,
      inside({ 'https://canvas.instructure.com/lti/privacy_level': 'everything' }),
    ],
    ['', () => 'no object'],
  ])('is refused for %s, and may be tried again', async (field, make) => {
    const { registration_token } = await inviteTool(demo);
    const answer = await postRegistration(demo, registration_token, make());
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { field: string }[] };
    expect(errors.map((error) => error.field)).toContain(field);
    expect((await postRegistration(demo, registration_token, registrationOf(tool.url))).status).toBe(200);
  });

  test('is not taken without a token, nor with one in the query, nor as a form', async () => {
    const { registration_token } = await inviteTool(demo);
    expect((await postRegistration(demo, 'x.y.z', registrationOf(tool.url))).status).toBe(401);
    const url = `${demo.url}/api/lti/registrations?registration_token=${registration_token}`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(401);
    const form = await fetch(`${demo.url}/api/lti/registrations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${registration_token}` },
      body: new URLSearchParams({ client_name: 'x' }),
    });
    expect(form.status).toBe(415);
  });
});

describe('the administrator', () => {
  /** Opens the registration page and returns the address that its frame shows, and where it leads. */
  async function openRegistration(
    browser: DemoBrowser,
    address: string,
  ): Promise<{ frame: URL; next: string; policy: string }> {
    const answer = await browser.post('/accounts/1/apps/register', { registration_url: address });
    expect(answer.status).toBe(200);
    const page = await answer.text();
    const frame = /src="([^"]*)"\s+data-registration/.exec(page)?.[1] ?? '';
    const next = /data-next="([^"]*)"/.exec(page)?.[1] ?? '';
    return {
      frame: new URL(unescapeHtml(frame)),
      next,
      policy: answer.headers.get('content-security-policy') ?? '',
    };
  }

  test('opens a tool’s registration page, installs what came of it, removes it, installs it anew', async () => {
    const browser = await signedIn(known.admin);
    const { frame, next, policy } = await openRegistration(browser, `${tool.url}/lti/register?key=a%2Fb`);
    expect(frame.origin + frame.pathname).toBe(`${tool.url}/lti/register`);
    expect(frame.searchParams.get('key')).toBe('a/b');
    expect(policy).toContain(tool.url);
    const configuration = frame.searchParams.get('openid_configuration') ?? '';
    const { registration_endpoint } = (await (await fetch(configuration)).json()) as Record<string, string>;
    expect(registration_endpoint).toBe(`${demo.url}/api/lti/registrations`);

    // Closed too early: nothing has come of it.
    expect(await (await browser.get(next, { 'accept-language': 'en' })).text()).toContain(
      'Es wurde nichts angelegt',
    );
    const token = frame.searchParams.get('registration_token') ?? '';
    const { client_id } = (await (
      await postRegistration(demo, token, registrationOf(tool.url, { client_name: 'Roll & <Call>' }))
    ).json()) as { client_id: string };
    const place = `/accounts/1/apps/${client_id}`;
    expect((await browser.get(next)).headers.get('location')).toBe(place);
    const inactive = await (await browser.get(place)).text();
    for (const text of [
      'Roll &amp; &lt;Call&gt;',
      'nicht installiert',
      'Kurslisten lesen',
      'im Kursmenü: Roll Call here',
      'Name, E-Mail, Bild',
    ]) {
      expect(inactive).toContain(text);
    }
    expect(await (await browser.get('/courses/101')).text()).not.toContain('Roll Call here');

    const deployment = async (): Promise<string | undefined> =>
      /\b\d+:[0-9a-f]{40}\b/.exec(await (await browser.get(place)).text())?.[0];
    const seen = [];
    for (let count = 0; count < 2; count += 1) {
      await browser.post(`${place}/install`, {});
      seen.push(await deployment());
      expect(await (await browser.get('/courses/101')).text()).toContain('Roll Call here');
      await browser.post(`${place}/remove`, {});
      expect(await deployment()).toBeUndefined();
    }
    expect(seen[0]).toMatch(/^\d+:/);
    expect(seen[1]).not.toBe(seen[0]);
  });

  test('stays among the apps when the language is changed in the middle', async () => {
    const browser = await signedIn(known.admin);
    const place = '/accounts/1/apps/register';
    const answer = await browser.post('/language', { lang: 'en', return_to: place });
    expect(answer.headers.get('location')).toBe(place);
    expect((await browser.get(place)).headers.get('location')).toBe('/accounts/1/apps');
  });

  test('is told what is no registration address', async () => {
    const browser = await signedIn(known.admin);
    for (const registration_url of ['', 'tool.example', 'http://tool.example/', 'javascript:alert(1)']) {
      const answer = await browser.post('/accounts/1/apps/register', { registration_url });
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain('Das ist keine https-Adresse');
    }
  });

  test('alone sees these pages', async () => {
    const places = ['/accounts/1/apps', `/accounts/1/apps/${clientId}`, '/accounts/1/external_tools/5'];
    const teacher = await signedIn(known.teacher);
    const { clientId: registered } = await installTool(demo, registrationOf(tool.url));
    for (const place of places) {
      expect((await teacher.get(place)).status).toBe(403);
      expect((await new DemoBrowser(demo.url).get(place)).headers.get('location')).toContain('/login');
    }
    expect((await teacher.post(`/accounts/1/apps/${registered}/remove`, {})).status).toBe(403);
    expect((await teacher.post('/accounts/1/apps/register', { registration_url: tool.url })).status).toBe(
      403,
    );
    const admin = await signedIn(known.admin);
    const foreign = await admin.post(`/accounts/1/apps/${registered}/remove`, {}, { origin: tool.url });
    expect(foreign.status).toBe(403);
    expect(await (await teacher.get('/')).text()).not.toContain('href="/accounts/1/apps"');
    expect(await (await admin.get('/courses')).text()).toContain('href="/accounts/1/apps"');
  });
});

describe('a tool that registered itself', () => {
  test('launches from the course menu with its own key, addresses and fields', async () => {
    const installed = await installTool(demo, registrationOf(tool.url));
    const browser = await signedIn(known.teacher);
    const path = `/courses/101/external_tools/${String(installed.id)}`;
    const page = await browser.get(path);
    expect(page.headers.get('content-security-policy')).toContain(tool.url);
    const { action, fields } = readForm(await page.text());
    expect(action).toBe(`${tool.url}/lti/login`);
    expect(fields).toMatchObject({
      client_id: installed.clientId,
      deployment_id: installed.deploymentId,
      target_link_uri: `${tool.url}/lti/launch?from=menu`,
    });
    const { claims } = await browser.launch(tool, path);
    expect(claims).toMatchObject({
      aud: installed.clientId,
      [claim('deployment_id')]: installed.deploymentId,
      [claim('custom')]: { canvas_user_id: known.teacher, school: 'north', term: 'Schuljahr 2026/27' },
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': expect.anything() as unknown,
    });
    // It has no scope of the gradebook.
    expect(claims).not.toHaveProperty(['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint']);
    const foreign = { redirect_uri: `${demo.tool.url}/lti/launch` };
    expect((await browser.authorize(tool, await browser.openTool(path), foreign)).status).toBe(400);
  });

  test('finds tokens with its own keys, for its own scopes, while it is installed', async () => {
    const { clientId: id } = await installTool(demo, registrationOf(tool.url));
    const ask = async (scope: readonly string[], key = tool.privateKey): Promise<Response> =>
      requestToken(demo, await signAssertion(demo, { claims: { iss: id, sub: id }, key }), {
        scope: scope.join(' '),
      });
    const before = tool.downloads();
    const answer = await ask(nrpsOnly);
    expect(answer.status).toBe(200);
    expect(tool.downloads()).toBe(before + 1);
    const { access_token } = (await answer.json()) as { access_token: string };
    const roster = (): Promise<Response> =>
      fetch(`${demo.url}/api/lti/courses/101/names_and_roles`, {
        headers: { authorization: `Bearer ${access_token}` },
      });
    expect((await roster()).status).toBe(200);
    expect((await ask(nrpsOnly, demo.tool.privateKey)).status).toBe(400);
    expect(await (await ask(allScopes)).json()).toMatchObject({ error: 'invalid_scope' });

    await control(demo, `apps/${id}/remove`, {});
    expect((await roster()).status).toBe(401);
    expect((await ask(nrpsOnly)).status).toBe(401);
  });

  test('sees of people what it asked for, in launches and in the roster', async () => {
    const level = { 'https://canvas.instructure.com/lti/privacy_level': 'anonymous' };
    const { id, clientId: client } = await installTool(demo, registrationOf(tool.url, {}, level));
    const { claims } = await (
      await signedIn(known.firstStudent)
    ).launch(tool, `/courses/101/external_tools/${String(id)}`);
    for (const name of ['name', 'email', 'picture']) expect(claims).not.toHaveProperty(name);
    const assertion = await signAssertion(demo, {
      claims: { iss: client, sub: client },
      key: tool.privateKey,
    });
    const { access_token } = (await (
      await requestToken(demo, assertion, { scope: nrpsOnly.join(' ') })
    ).json()) as { access_token: string };
    const roster = await fetch(`${demo.url}/api/lti/courses/101/names_and_roles`, {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect(await roster.text()).not.toContain('"name"');
  });

  test('is shown to whom it wants to be shown', async () => {
    const visibility = 'https://canvas.instructure.com/lti/visibility';
    const enabled = 'https://canvas.instructure.com/lti/course_navigation/default_enabled';
    const named = (label: string, more: Record<string, unknown>): Record<string, unknown> =>
      registrationOf(
        tool.url,
        {},
        {
          messages: [{ type: 'LtiResourceLinkRequest', label, placements: ['course_navigation'], ...more }],
        },
      );
    await installTool(demo, named('Only staff', { [visibility]: 'admins' }));
    await installTool(demo, named('Not at first', { [enabled]: false }));
    const menu = async (person: number): Promise<string> =>
      (await (await signedIn(person)).get('/courses/101')).text();
    expect(await menu(known.teacher)).toContain('Only staff');
    expect(await menu(known.firstStudent)).not.toContain('Only staff');
    expect(await menu(known.teacher)).not.toContain('Not at first');
  });
});
