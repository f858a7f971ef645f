import { expect, test } from '@playwright/test';
import { decodeJwt } from 'jose';
import { sql } from 'drizzle-orm';
import type { ErrorCode } from '#lib/base/errors.ts';
import { httpStatusByCode } from '#lib/base/errors.ts';
import { randomToken } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { createOutsideFetch } from '#lib/base/outside-fetch.ts';
import { en } from '#lib/i18n/en.ts';
import { claimNames } from '#lib/lti/claim-names.ts';
import { checkRegistration, registerByInvitation } from '#lib/platforms/register-by-invitation.ts';
import { invitePlatform } from '#lib/platforms/invite-platform.ts';
import { freePort } from '../support/free-port.ts';
import { startOwnPlatform } from '../support/own-platform.ts';
import type { OwnPlatform } from '../support/own-platform.ts';
import { beginLaunch, get, isSignedIn, post } from '../support/lti-client.ts';
import type { Answered } from '../support/lti-client.ts';
import {
  json,
  launchClaims,
  signClaims,
  startRecordingServer,
  vocabulary,
} from '../support/test-platform.ts';
import type { RecordingServer } from '../support/test-platform.ts';

// A platform registers itself, by HTTP against the running tool. `platform` is on the list of private hosts that
// the tool may ask, as an intranet's would be; `inner` is not: it is what no stranger may make the tool ask.

const toolConfiguration = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const platformConfiguration = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const scopeBase = 'https://purl.imsglobal.org/spec';

let running: OwnPlatform;
let { tool, toolEnv, database, platform, key, jwksPath } = {} as OwnPlatform;
let inner: RecordingServer;

test.beforeAll(async () => {
  running = await startOwnPlatform();
  ({ tool, toolEnv, database, platform, key, jwksPath } = running);
  platform.on('/token', json({ access_token: 'the-platforms-own', token_type: 'Bearer', expires_in: 3600 }));
  inner = await startRecordingServer(await freePort());
});

test.afterAll(async () => {
  await running.stop();
  await inner.close();
});

test.beforeEach(() => {
  platform.received.length = 0;
  inner.received.length = 0;
  describePlatform({});
  platform.on('/register', (request, response, body) => {
    const given = JSON.parse(body) as Record<string, unknown>;
    return json({ ...given, client_id: `registered-${randomToken(6)}` }, 201)(request, response, body);
  });
});

/** What the platform's configuration says, beside what a plain and honest one would. */
function describePlatform(change: Record<string, unknown>): void {
  platform.on(
    '/configuration',
    json({
      issuer: platform.url,
      authorization_endpoint: `${platform.url}/authorize`,
      registration_endpoint: `${platform.url}/register`,
      jwks_uri: `${platform.url}${jwksPath}`,
      token_endpoint: `${platform.url}/token`,
      scopes_supported: [
        'openid',
        `${scopeBase}/lti-nrps/scope/contextmembership.readonly`,
        `${scopeBase}/lti-ags/scope/score`,
      ],
      claims_supported: ['iss', 'sub', 'name', 'email'],
      [platformConfiguration]: {
        product_family_code: 'moodle',
        version: '4.5',
        messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'LtiDeepLinkingRequest' }],
        variables: ['Person.address.timezone', 'Person.sourcedId'],
      },
      ...change,
    }),
  );
}

async function invite(): Promise<string> {
  const { link } = await invitePlatform(
    { db: database.db, now: new Date() },
    { note: undefined, days: 7, publicUrl: tool },
  );
  return link;
}

const own = () => ({ origin: tool, 'sec-fetch-site': 'same-origin' });
const asked = (configuration = `${platform.url}/configuration?for=tool`) => ({
  openid_configuration: configuration,
  registration_token: 'a-registration-token',
});
const register = (
  link: string,
  fields = asked(),
  headers: Record<string, string> = own(),
): Promise<Answered> => post(link, fields, headers);

function expectRefusal(answer: Answered, code: ErrorCode): void {
  expect(answer.text).toContain(en[`errors.${code}.title`]);
  expect(answer.status).toBe(httpStatusByCode[code]);
}

const pathsOf = (server: RecordingServer) => server.received.map(({ method, path }) => `${method} ${path}`);

interface RegistrationBody {
  scope: string;
  redirect_uris: string[];
  [toolConfiguration]: Record<string, unknown> & {
    messages: Record<string, unknown>[];
    custom_parameters: Record<string, string>;
    claims: string[];
  };
}

function postedBody(): RegistrationBody {
  const posted = platform.received.find(({ method }) => method === 'POST');
  return JSON.parse(posted?.body ?? '{}') as RegistrationBody;
}

test('a platform registers by a one-time link: asked first, no more than it has, once', async () => {
  const link = await invite();
  const question = await get(`${link}?${new URLSearchParams(asked()).toString()}`);
  expect(question.status).toBe(200);
  expect(question.text).toContain(new URL(platform.url).host);
  expect(platform.received).toEqual([]);

  const answer = await register(link);
  expect(answer.text).toContain(en['connect.done.title']);
  expect(answer.text).toContain(en['connect.done.next.other']);
  expect(pathsOf(platform)).toEqual(['GET /configuration?for=tool', 'POST /register']);
  expect(platform.received.map(({ authorization }) => authorization)).toEqual([
    'Bearer a-registration-token',
    'Bearer a-registration-token',
  ]);
  const body = postedBody();
  expect(body).toMatchObject({
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['client_credentials', 'implicit'],
    token_endpoint_auth_method: 'private_key_jwt',
    initiate_login_uri: `${tool}/lti/login`,
    redirect_uris: [`${tool}/lti/launch`],
    jwks_uri: `${tool}/lti/jwks`,
  });
  expect(body.scope.split(' ')).toEqual([
    `${scopeBase}/lti-nrps/scope/contextmembership.readonly`,
    `${scopeBase}/lti-ags/scope/score`,
  ]);
  const { messages, custom_parameters: parameters, claims, ...rest } = body[toolConfiguration];
  expect(messages.map(({ type }) => type)).toEqual(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest']);
  expect(messages.some((message) => 'placements' in message)).toBe(false);
  expect(parameters).toEqual({ tz: '$Person.address.timezone' });
  expect(claims).toEqual(['sub', 'iss', 'name', 'email']);
  expect(JSON.stringify(rest)).not.toContain('instructure');

  expectRefusal(await register(link), 'invite-invalid');
  expectRefusal(await get(`${link}?${new URLSearchParams(asked()).toString()}`), 'invite-invalid');
});

test('Canvas gets its own keys and placements', async () => {
  describePlatform({
    scopes_supported: undefined,
    [platformConfiguration]: {
      product_family_code: 'canvas',
      'https://canvas.instructure.com/lti/account_name': 'Musterschule',
      messages_supported: [
        { type: 'LtiResourceLinkRequest', placements: ['course_navigation', 'account_navigation'] },
        { type: 'LtiDeepLinkingRequest', placements: ['link_selection'] },
      ],
    },
  });
  const answer = await register(await invite());
  expect(answer.text).toContain(en['connect.done.next.canvas']);
  expect(postedBody()[toolConfiguration]).toMatchObject({
    'https://canvas.instructure.com/lti/privacy_level': 'public',
    custom_parameters: {
      canvas_user_id: '$Canvas.user.id',
      section_ids: '$Canvas.course.sectionIds',
      masquerader: '$Canvas.masqueradingUser.id',
    },
    messages: [
      {
        placements: ['course_navigation'],
        'https://canvas.instructure.com/lti/course_navigation/default_enabled': true,
        'https://canvas.instructure.com/lti/visibility': 'members',
      },
      { placements: ['link_selection'] },
    ],
  });
});

test('two administrators who follow one link at the same moment register one platform', async () => {
  const link = await invite();
  const answers = await Promise.all([1, 2, 3, 4].map(() => register(link)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403]);
  expect(pathsOf(platform).filter((path) => path.startsWith('POST'))).toHaveLength(1);
});

test.describe('what goes wrong leaves the link good', () => {
  const faults: [string, () => void, ErrorCode][] = [
    [
      'no configuration',
      () => {
        platform.on('/configuration', json({}, 404));
      },
      'registration-refused',
    ],
    [
      'a configuration that is none',
      () => {
        platform.on('/configuration', json(['x']));
      },
      'platform-answer',
    ],
    [
      'an expired permission',
      () => {
        platform.on('/register', json({ error: 'x' }, 401));
      },
      'registration-refused',
    ],
    [
      'an answer without a client id',
      () => {
        platform.on('/register', json({}, 200));
      },
      'platform-answer',
    ],
    [
      'a connection that breaks',
      () => {
        platform.on('/register', (request) => {
          request.socket.destroy();
        });
      },
      'platform-unreachable',
    ],
  ];
  for (const [name, break_, code] of faults) {
    test(`${name} → ${code}`, async () => {
      const link = await invite();
      break_();
      expectRefusal(await register(link), code);
      const question = await get(`${link}?${new URLSearchParams(asked()).toString()}`);
      expect(question.status).toBe(200);
    });
  }
});

test.describe('a rogue platform', () => {
  const rogues: [string, () => Record<string, unknown>, ErrorCode][] = [
    [
      'says it is hosted Canvas',
      () => ({ issuer: 'https://canvas.instructure.com' }),
      'registration-untrusted',
    ],
    ['says it is somebody else', () => ({ issuer: 'https://moodle.example' }), 'registration-untrusted'],
    [
      'points its keys at an inner address',
      () => ({ jwks_uri: `${inner.url}/jwks` }),
      'registration-untrusted',
    ],
    ['points its keys at the tool', () => ({ jwks_uri: `${tool}/lti/jwks` }), 'registration-untrusted'],
    [
      'points registration at an inner address',
      () => ({ registration_endpoint: `${inner.url}/x` }),
      'registration-untrusted',
    ],
    [
      'points tokens at an inner address',
      () => ({ token_endpoint: `${inner.url}/token` }),
      'registration-untrusted',
    ],
    [
      'wants another platform’s tokens carried to it',
      () => ({ token_endpoint: 'https://sso.canvaslms.com/login/oauth2/token' }),
      'registration-untrusted',
    ],
    [
      'wants our signature for another platform',
      () => ({ authorization_server: 'https://sso.canvaslms.com/login/oauth2/token' }),
      'registration-untrusted',
    ],
    [
      'signs people in over plain http elsewhere',
      () => ({ authorization_endpoint: 'http://moodle.example/auth' }),
      'registration-untrusted',
    ],
    [
      'has a user name in an address',
      () => ({ jwks_uri: platform.url.replace('//', '//user:word@') }),
      'registration-untrusted',
    ],
    ['has no addresses but words', () => ({ jwks_uri: 'javascript:alert(1)' }), 'platform-answer'],
  ];
  for (const [name, change, code] of rogues) {
    test(`${name} → ${code}`, async () => {
      describePlatform(change());
      expectRefusal(await register(await invite()), code);
      expect(inner.received).toEqual([]);
      expect(pathsOf(platform)).toEqual(['GET /configuration?for=tool']);
    });
  }

  const configurations: [string, () => string, ErrorCode][] = [
    ['at an inner address', () => `${inner.url}/configuration`, 'address-refused'],
    ['at the cloud’s own address', () => 'http://169.254.169.254/latest/meta-data', 'address-refused'],
    ['at the tool', () => `${tool}/lti/config`, 'address-refused'],
    ['that is no address', () => 'file:///etc/passwd', 'registration-incomplete'],
    ['that is missing', () => '', 'registration-incomplete'],
  ];
  for (const [name, url, code] of configurations) {
    test(`has a configuration ${name} → ${code}`, async () => {
      expectRefusal(await register(await invite(), asked(url())), code);
      expect(inner.received).toEqual([]);
    });
  }

  test('sends people to the tool without a link, from elsewhere, or with a made-up one', async () => {
    expectRefusal(await register(`${tool}/lti/register`), 'invite-invalid');
    expectRefusal(await register(`${tool}/lti/register/made-up`), 'invite-invalid');
    expectRefusal(
      await register(await invite(), asked(), { origin: 'https://evil.example' }),
      'wrong-origin',
    );
    expect(platform.received).toEqual([]);
  });

  test('answers with the client id of a platform that is known: that one stays as it is', async () => {
    const first = await register(await invite());
    const clientId = /registered-[\w-]+/.exec(first.text)?.[0] ?? '';
    platform.on('/register', json({ client_id: clientId }, 201));
    const link = await invite();
    expectRefusal(await register(link), 'platform-known');
    expect((await get(`${link}?${new URLSearchParams(asked()).toString()}`)).status).toBe(200);
  });

  test('registers honestly, and then points its services at inner addresses and at the tool', async () => {
    const answer = await register(await invite());
    const clientId = /registered-[\w-]+/.exec(answer.text)?.[0] ?? '';
    const places = { inner: inner.url, tool };
    for (const [context, place] of Object.entries(places)) {
      const launch = await launchAsTeacher(clientId, context, {
        [claimNames.namesAndRoles]: {
          context_memberships_url: `${place}/members`,
          service_versions: ['2.0'],
        },
        [claimNames.custom]: { api_domain: new URL(inner.url).host, canvas_course_id: '42' },
        'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
          lineitems: `${inner.url}/line_items`,
          scope: [],
        },
      });
      expect(isSignedIn(launch)).toBe(true);
      const courseId = /\/courses\/([\w-]+)/.exec(launch.location ?? '')?.[1] ?? '';
      // The roster is asked for in the background, and given up; the course's log tells why.
      await expect
        .poll(async () => {
          const syncs = await database.db.execute<{ problem: string | null }>(
            sql`select problem from roster_syncs where course_id = ${courseId}`,
          );
          return syncs.rows.map(({ problem }) => problem);
        })
        .toEqual(['address-refused']);
    }
    expect(inner.received).toEqual([]);
    // All that went out is a signed request for the rogue's own token, good with the rogue alone.
    const sent = platform.received.filter(({ path }) => path === '/token');
    for (const { body } of sent) {
      expect(decodeJwt(new URLSearchParams(body).get('client_assertion') ?? '')).toMatchObject({
        iss: clientId,
        aud: `${platform.url}/token`,
      });
    }
    expect(JSON.stringify(platform.received)).not.toContain(toolEnv.CANVAS_API_TOKEN);
  });
});

async function launchAsTeacher(
  clientId: string,
  contextId: string,
  change: Record<string, unknown> = {},
  deploymentId = '1',
): Promise<Answered> {
  const begun = await beginLaunch(tool, {
    iss: platform.url,
    client_id: clientId,
    login_hint: 'h',
    target_link_uri: `${tool}/lti/launch`,
  });
  const claims = launchClaims({
    issuer: platform.url,
    clientId,
    deploymentId,
    nonce: begun.nonce,
    target: `${tool}/lti/launch`,
  });
  const idToken = await signClaims(
    {
      ...claims,
      sub: 'a-teacher',
      [claimNames.roles]: [`${vocabulary}/membership#Instructor`],
      [claimNames.context]: { id: contextId, title: 'Anatomie' },
      ...change,
    },
    { key },
  );
  return post(`${tool}/lti/launch`, { id_token: idToken, state: begun.state }, { cookie: begun.cookie });
}

test('a host that the operator trusts needs no link, and only that host', async () => {
  const { host } = new URL(platform.url);
  const terms = {
    openHosts: [host],
    allowPrivateHosts: [host],
    publicUrl: tool,
    fetchOutside: createOutsideFetch({ allowPrivateHosts: [host], ownOrigin: tool }),
  };
  const ctx = { db: database.db, now: new Date(), log: createLog('silent') };
  const request = {
    configurationUrl: `${platform.url}/configuration`,
    registrationToken: undefined,
    invite: undefined,
  };
  await expect(checkRegistration(ctx, request, terms)).resolves.toEqual({ host });
  await expect(registerByInvitation(ctx, request, terms)).resolves.toMatchObject({ issuer: platform.url });
  const elsewhere = { ...request, configurationUrl: 'https://other.example/configuration' };
  await expect(checkRegistration(ctx, elsewhere, terms)).rejects.toMatchObject({ code: 'invite-invalid' });
  await expect(registerByInvitation(ctx, elsewhere, terms)).rejects.toMatchObject({ code: 'invite-invalid' });
});

test('the first deployment of a fresh registration works at once, the next waits for the operator', async () => {
  const answer = await register(await invite());
  const clientId = /registered-[\w-]+/.exec(answer.text)?.[0] ?? '';
  expect((await launchAsTeacher(clientId, 'first')).status).toBe(303);
  expectRefusal(await launchAsTeacher(clientId, 'first', {}, '2'), 'deployment-pending');
});

test('the deployment that a platform names in its answer is the approved one', async () => {
  platform.on(
    '/register',
    json({ client_id: 'names-its-deployment', [toolConfiguration]: { deployment_id: '17' } }, 201),
  );
  await register(await invite());
  expectRefusal(await launchAsTeacher('names-its-deployment', 'c', {}, '2'), 'deployment-pending');
  expect((await launchAsTeacher('names-its-deployment', 'c', {}, '17')).status).toBe(303);
});

test('/lti/config is what Canvas reads by “Enter URL”', async () => {
  const answer = await fetch(`${tool}/lti/config`);
  expect(answer.headers.get('content-type')).toContain('application/json');
  expect(await answer.json()).toMatchObject({
    oidc_initiation_url: `${tool}/lti/login`,
    target_link_uri: `${tool}/lti/launch`,
    public_jwk_url: `${tool}/lti/jwks`,
    custom_fields: { canvas_user_id: '$Canvas.user.id' },
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: new URL(tool).host,
        privacy_level: 'public',
        settings: {
          placements: [
            { placement: 'course_navigation', message_type: 'LtiResourceLinkRequest' },
            { placement: 'link_selection', message_type: 'LtiDeepLinkingRequest' },
          ],
        },
      },
    ],
  });
});
