import { generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clientId, deploymentId, secondClientId } from '../../demo/identity.ts';
import { known } from '../../demo/people.ts';
import type { AssertionChanges, DemoUnderTest } from '../support/demo-browser.ts';
import {
  control,
  DemoBrowser,
  installTool,
  readDeepLinkingSettings,
  registrationOf,
  requestToken,
  signAssertion,
  signDeepLinkingResponse,
  startDemoForTest,
  takeToken,
} from '../support/demo-browser.ts';

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const dl = (name: string): string => `https://purl.imsglobal.org/spec/lti-dl/claim/${name}`;
const placement = 'https://www.instructure.com/placement';
const selection = '/courses/101/external_tools/5/resource_selection?placement=link_selection';

let demo: DemoUnderTest;
beforeAll(async () => {
  demo = await startDemoForTest();
});
afterAll(() => demo.close());
afterEach(async () => {
  await control(demo, 'clock', { offsetMs: 0 });
  await control(demo, 'next-launch', undefined, 'DELETE');
});

interface Item {
  id: number;
  title: string;
  url: string;
  resourceLinkId: string;
}

async function itemsOf(courseId = 101): Promise<Item[]> {
  const { items } = await control<{ items: Item[] }>(demo, `modules/${String(courseId)}`, undefined, 'GET');
  return items;
}

async function signedIn(person: number): Promise<DemoBrowser> {
  const browser = new DemoBrowser(demo.url);
  await browser.signIn(person);
  return browser;
}

/** What the tool's page does: posts its answer to the return address, from its own origin. */
function respond(browser: DemoBrowser, request: JWTPayload, jwt: string): Promise<Response> {
  const url = new URL(readDeepLinkingSettings(request).deep_link_return_url);
  return browser.post(`${url.pathname}${url.search}`, { JWT: jwt }, { origin: demo.tool.url });
}

const link = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  type: 'ltiResourceLink',
  title: 'Attendance of May 4',
  url: `${demo.tool.url}/lti/launch?meeting=7`,
  ...more,
});

/** Adds an item as a teacher does, and returns it. */
async function addItem(browser: DemoBrowser, more: Record<string, unknown> = {}): Promise<Item> {
  const { claims } = await browser.launch(demo.tool, selection);
  const answer = await respond(browser, claims, await signDeepLinkingResponse(demo, claims, [link(more)]));
  expect(answer.status).toBe(200);
  const item = (await itemsOf()).at(-1);
  if (item === undefined) throw new Error('no item');
  return item;
}

describe('the request', () => {
  test('asks for links, and is no launch of a link', async () => {
    const { claims } = await (await signedIn(known.teacher)).launch(demo.tool, selection);
    expect(claims).toMatchObject({
      aud: clientId,
      iss: demo.url,
      [claim('message_type')]: 'LtiDeepLinkingRequest',
      [claim('version')]: '1.3.0',
      [claim('deployment_id')]: deploymentId,
      [claim('target_link_uri')]: `${demo.tool.url}/lti/launch`,
      [claim('context')]: { label: 'PFL-26-A' },
      [claim('custom')]: { canvas_course_id: 101 },
      [placement]: 'link_selection',
      [dl('deep_linking_settings')]: {
        deep_link_return_url: `${demo.url}/courses/101/deep_linking_response?modal=true&placement=link_selection`,
        accept_types: ['ltiResourceLink'],
        accept_presentation_document_targets: ['iframe', 'window'],
        accept_media_types: 'application/vnd.ims.lti.v1.ltilink',
        accept_multiple: true,
        auto_create: false,
        data: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      },
    });
    expect(claims).not.toHaveProperty([claim('resource_link')]);
  });

  test('is made for those who teach', async () => {
    const teacher = await signedIn(known.teacher);
    expect(await (await teacher.get('/courses/101/modules')).text()).toContain(
      selection.replaceAll('&', '&amp;'),
    );
    const student = await signedIn(known.firstStudent);
    expect((await student.get(selection)).status).toBe(403);
    const page = await student.get('/courses/101/modules');
    expect(page.status).toBe(200);
    expect(await page.text()).not.toContain('resource_selection');
  });

  test('is spoiled on purpose like any launch', async () => {
    const browser = await signedIn(known.teacher);
    await control(demo, 'next-launch', { remove: [dl('deep_linking_settings')] });
    const { claims } = await browser.launch(demo.tool, selection);
    expect(claims[claim('message_type')]).toBe('LtiDeepLinkingRequest');
    expect(claims).not.toHaveProperty([dl('deep_linking_settings')]);
  });
});

describe('the response', () => {
  test('puts its links into the module, and leads out of the frame', async () => {
    const browser = await signedIn(known.teacher);
    const before = (await itemsOf()).length;
    const { claims } = await browser.launch(demo.tool, selection);
    const items = [link({ title: 'One & <two>', text: 'Seen first' }), { type: 'ltiResourceLink' }];
    const answer = await respond(browser, claims, await signDeepLinkingResponse(demo, claims, items));
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect(page).toMatch(/data-leave-frame[\s\S]*target="_top"[^>]*href="\/courses\/101\/modules"/);
    expect((await itemsOf()).slice(before)).toMatchObject([
      { title: 'One & <two>', url: `${demo.tool.url}/lti/launch?meeting=7` },
      { title: 'SK Attendance', url: `${demo.tool.url}/lti/launch` },
    ]);
    const modules = await (await browser.get('/courses/101/modules')).text();
    expect(modules).toContain('One &amp; &lt;two&gt;');
    expect(modules).toContain('Seen first');
  });

  test('may bring nothing', async () => {
    const browser = await signedIn(known.teacher);
    const before = await itemsOf();
    const { claims } = await browser.launch(demo.tool, selection);
    for (const change of [{}, { claims: { [dl('content_items')]: undefined } }]) {
      const answer = await respond(browser, claims, await signDeepLinkingResponse(demo, claims, [], change));
      expect(await answer.text()).toContain('Nichts hinzugefügt');
    }
    expect(await itemsOf()).toEqual(before);
  });

  const now = Math.floor(Date.now() / 1000);
  const withClaims = (claims: Record<string, unknown>) => (): AssertionChanges => ({ claims });
  test.each<[string, () => AssertionChanges | Promise<AssertionChanges>]>([
    [
      'nicht mit RS256',
      async () => ({ header: { alg: 'RS512' }, key: (await generateKeyPair('RS512')).privateKey }),
    ],
    ['keinen Schlüssel (kid)', () => ({ header: { kid: undefined } })],
    ['war beim Werkzeug nicht zu bekommen', () => ({ header: { kid: 'unknown' } })],
    ['Signatur', async () => ({ key: (await generateKeyPair('RS256')).privateKey })],
    ['(iss)', withClaims({ iss: '10000000000099' })],
    ['„data“', withClaims({ iss: secondClientId })],
    ['kein JWT', withClaims({ iss: undefined })],
    ['(aud)', withClaims({ aud: 'https://other.example' })],
    ['(aud)', withClaims({ aud: undefined })],
    ['(exp)', withClaims({ exp: now - 5 })],
    ['kein JWT', withClaims({ exp: undefined })],
    ['von eben', withClaims({ iat: now - 330 })],
    ['von eben', withClaims({ iat: now + 90 })],
    ['kein JWT', withClaims({ nonce: undefined })],
    ['(deployment_id)', withClaims({ [claim('deployment_id')]: '6:other' })],
    ['(deployment_id)', withClaims({ [claim('deployment_id')]: undefined })],
    ['(message_type)', withClaims({ [claim('message_type')]: 'LtiDeepLinkingRequest' })],
    ['(version)', withClaims({ [claim('version')]: '1.3' })],
    ['„data“', withClaims({ [dl('data')]: undefined })],
    ['„data“', withClaims({ [dl('data')]: 'x.y.z' })],
    ['(content_items)', withClaims({ [dl('content_items')]: [{ type: 'html', html: '<b>x</b>' }] })],
    [
      '(content_items)',
      () => withClaims({ [dl('content_items')]: [link({ url: 'https://evil.example/' })] })(),
    ],
    ['(content_items)', () => withClaims({ [dl('content_items')]: [link({ custom: { a: {} } })] })()],
    ['(content_items)', withClaims({ [dl('content_items')]: 'none' })],
  ])('is refused on a page that says: %s', async (sentence, make) => {
    const browser = await signedIn(known.teacher);
    const before = await itemsOf();
    const { claims } = await browser.launch(demo.tool, selection);
    const jwt = await signDeepLinkingResponse(demo, claims, [link()], await make());
    const answer = await respond(browser, claims, jwt);
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain(sentence);
    expect(page).not.toContain('data-leave-frame');
    expect(await itemsOf()).toEqual(before);
  });

  test('is no JWT, or empty', async () => {
    const browser = await signedIn(known.teacher);
    const { claims } = await browser.launch(demo.tool, selection);
    for (const jwt of ['', 'no-jwt', '<script>alert(1)</script>']) {
      const answer = await respond(browser, claims, jwt);
      expect(answer.status).toBe(400);
      expect(await answer.text()).not.toContain('<script>alert');
    }
  });

  test('is taken once, also when it comes twice at the same moment', async () => {
    const browser = await signedIn(known.teacher);
    const before = (await itemsOf()).length;
    const { claims } = await browser.launch(demo.tool, selection);
    const jwt = await signDeepLinkingResponse(demo, claims, [link()]);
    const answers = await Promise.all([1, 2, 3].map(() => respond(browser, claims, jwt)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400, 400]);
    expect(await itemsOf()).toHaveLength(before + 1);
  });

  test('belongs to the course and the person that it was asked for', async () => {
    const teacher = await signedIn(known.teacher);
    const { claims } = await teacher.launch(demo.tool, selection);
    const jwt = await signDeepLinkingResponse(demo, claims, [link()]);
    const assistant = await signedIn(known.assistant);
    expect((await respond(assistant, claims, jwt)).status).toBe(400);
    expect((await respond(await signedIn(known.firstStudent), claims, jwt)).status).toBe(403);
    expect((await respond(new DemoBrowser(demo.url), claims, jwt)).status).toBe(302);
    const admin = await signedIn(known.admin);
    const { claims: elsewhere } = await admin.launch(demo.tool, selection);
    const foreign = await signDeepLinkingResponse(demo, elsewhere, [link()]);
    expect((await admin.post('/courses/102/deep_linking_response', { JWT: foreign })).status).toBe(400);
  });
});

describe('an item of a module', () => {
  test('is a resource link of its own, with its address and its fields', async () => {
    const browser = await signedIn(known.teacher);
    const item = await addItem(browser, {
      text: 'About it',
      custom: { meeting: 7, asked_by: '$Canvas.user.id', tz: 'UTC' },
    });
    const { claims } = await (
      await signedIn(known.firstStudent)
    ).launch(demo.tool, `/courses/101/modules/items/${String(item.id)}`);
    expect(claims).toMatchObject({
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('target_link_uri')]: item.url,
      [claim('resource_link')]: {
        id: item.resourceLinkId,
        title: 'Attendance of May 4',
        description: 'About it',
      },
      [claim('custom')]: {
        canvas_course_id: 101,
        meeting: '7',
        asked_by: known.firstStudent,
        tz: 'UTC',
      },
    });
    expect(claims).not.toHaveProperty([placement]);
    expect(item.resourceLinkId).not.toBe((claims[claim('context')] as { id: string }).id);
    const endpoint = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'];
    expect(endpoint).toMatchObject({ lineitems: `${demo.url}/api/lti/courses/101/line_items` });
    expect(endpoint).not.toHaveProperty('lineitem');
  });

  test('can have a line item, and names its roster', async () => {
    const browser = await signedIn(known.teacher);
    const item = await addItem(browser, { custom: { meeting: '9' } });
    const headers = {
      authorization: `Bearer ${await takeToken(demo)}`,
      'content-type': 'application/vnd.ims.lis.v2.lineitem+json',
    };
    const body = JSON.stringify({ label: 'May 4', scoreMaximum: 1, resourceLinkId: item.resourceLinkId });
    const lineItems = `${demo.url}/api/lti/courses/101/line_items`;
    const made = await fetch(lineItems, { method: 'POST', headers, body });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const found = await fetch(`${lineItems}?resource_link_id=${item.resourceLinkId}`, { headers });
    expect(await found.json()).toMatchObject([{ id, resourceLinkId: item.resourceLinkId }]);
    const { claims } = await browser.launch(demo.tool, `/courses/101/modules/items/${String(item.id)}`);
    expect(claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint']).toMatchObject({ lineitem: id });

    const roster = (course: number): Promise<Response> =>
      fetch(
        `${demo.url}/api/lti/courses/${String(course)}/names_and_roles?limit=1&rlid=${item.resourceLinkId}`,
        { headers },
      );
    expect(await (await roster(101)).json()).toMatchObject({
      members: [{ message: [{ [claim('custom')]: { meeting: '9' } }] }],
    });
    expect((await roster(102)).status).toBe(400);
    const other = await signAssertion(demo, { claims: { iss: secondClientId, sub: secondClientId } });
    const { access_token } = (await (await requestToken(demo, other)).json()) as { access_token: string };
    const foreign = { ...headers, authorization: `Bearer ${access_token}` };
    expect((await fetch(lineItems, { method: 'POST', headers: foreign, body })).status).toBe(404);
  });

  test('is removed by those who teach', async () => {
    const browser = await signedIn(known.teacher);
    const item = await addItem(browser);
    const place = `/courses/101/modules/items/${String(item.id)}`;
    const student = await signedIn(known.firstStudent);
    expect((await student.post(`${place}/remove`, {})).status).toBe(403);
    expect((await browser.post(`${place.replace('101', '102')}/remove`, {})).status).toBe(403);
    expect((await browser.post(`${place}/remove`, {})).status).toBe(303);
    expect((await browser.get(place)).status).toBe(404);
  });

  test('of a registered tool needs the tool, whichever installation', async () => {
    const { id, clientId: client } = await installTool(demo, registrationOf(demo.tool.url));
    const browser = await signedIn(known.teacher);
    const path = `/courses/101/external_tools/${String(id)}/resource_selection?placement=link_selection`;
    const { claims } = await browser.launch(demo.tool, path);
    expect(claims.aud).toBe(client);
    await respond(browser, claims, await signDeepLinkingResponse(demo, claims, [link({ title: undefined })]));
    const item = (await itemsOf()).at(-1);
    expect(item?.title).toBe('Roll Call');
    const place = `/courses/101/modules/items/${String(item?.id)}`;
    await control(demo, `apps/${client}/remove`, {});
    expect((await browser.get(place)).status).toBe(404);
    await control(demo, `apps/${client}/install`, {});
    const opened = (await browser.launch(demo.tool, place)).claims;
    expect(opened.aud).toBe(client);
    expect(opened[claim('deployment_id')]).not.toBe(claims[claim('deployment_id')]);
  });
});
