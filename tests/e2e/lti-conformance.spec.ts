import { expect, test } from '@playwright/test';
import { importJWK } from 'jose';
import type { JWK } from 'jose';
import { sql } from 'drizzle-orm';
import type { ErrorCode } from '#lib/base/errors.ts';
import { httpStatusByCode } from '#lib/base/errors.ts';
import { en } from '#lib/i18n/en.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';
import { claimNames } from '#lib/lti/claim-names.ts';
import { switchPlatform } from '#lib/platforms/switch-platform.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { beginLaunch, cookieHeader, get, isSignedIn, post } from '../support/lti-client.ts';
import type { Answered, BegunLaunch, Fields } from '../support/lti-client.ts';
import { startOwnPlatform } from '../support/own-platform.ts';
import type { OwnPlatform } from '../support/own-platform.ts';
import { startTool } from '../support/start-tool.ts';
import {
  createSigningKey,
  json,
  keyTroubles,
  launchClaims,
  signClaims,
  signedWithPublicKey,
  unsigned,
  vocabulary,
} from '../support/test-platform.ts';
import type { SigningKey } from '../support/test-platform.ts';

// What the tool must do with a launch, whoever sends it: the 1EdTech certification's cases and those that
// platforms, faults and attackers add. Each row goes through both doors of the running server by HTTP.

const canary = 'Zk4narienvogel';
const deploymentId = '5:8865aa05b4b79b64a91a86042e43af5ea8ae79eb';
const clientId = 'conformance';
const otherClientId = 'conformance-other';
const otherDeploymentId = '7:belongs-to-the-other-client';
const membership = (role: string) => `${vocabulary}/membership#${role}`;

let own: OwnPlatform;
let { tool, toolEnv, database, platform, key, jwksPath } = {} as OwnPlatform;
let foreignKey: SigningKey;

test.beforeAll(async () => {
  own = await startOwnPlatform();
  ({ tool, toolEnv, database, platform, key, jwksPath } = own);
  foreignKey = await createSigningKey();
  platform.on('/evil-jwks', json({ keys: [foreignKey.publicJwk] }));
  await register(clientId, jwksPath, [deploymentId]);
  await register(otherClientId, jwksPath, [otherDeploymentId]);
});

test.afterAll(() => own.stop());

async function register(client: string, keysPath: string, deploymentIds: string[]): Promise<void> {
  await registerPlatform(
    { db: database.db, now: new Date() },
    {
      issuer: platform.url,
      clientId: client,
      name: 'Conformance',
      authorizeUrl: `${platform.url}/authorize`,
      tokenUrl: `${platform.url}/token`,
      jwksUrl: `${platform.url}${keysPath}`,
      deploymentIds,
    },
  );
}

function loginFields(change: Record<string, string> = {}): Record<string, string> {
  return {
    iss: platform.url,
    client_id: clientId,
    login_hint: canary,
    lti_message_hint: canary,
    target_link_uri: `${tool}/lti/launch`,
    ...change,
  };
}

type Claims = Record<string, unknown>;

/** A launch of this login that is in order. */
function rightClaims(begun: BegunLaunch, client = clientId): Claims {
  return launchClaims({
    issuer: platform.url,
    clientId: client,
    deploymentId: client === clientId ? deploymentId : 'd1',
    nonce: begun.nonce,
    target: `${tool}/lti/launch`,
  });
}

const send = (begun: BegunLaunch, idToken: string, at = tool): Promise<Answered> =>
  post(`${at}/lti/launch`, { id_token: idToken, state: begun.state }, { cookie: begun.cookie });

/** No login, no fault of ours, nothing of what was sent on the page, and the sentence that belongs to the case. */
function expectRefusal(answer: Answered, code: ErrorCode): void {
  expect(answer.text).toContain(en[`errors.${code}.title`]);
  expect(answer.status).toBe(httpStatusByCode[code]);
  expect(answer.status).not.toBe(500);
  expect(isSignedIn(answer)).toBe(false);
  expect(answer.text).not.toContain(canary);
  expect(answer.text).not.toMatch(/<script|evil\.example|\bat \S+:\d+:\d+/);
}

const seconds = () => Math.floor(Date.now() / 1000);

interface Refused {
  name: string;
  code: ErrorCode;
  /** Claims laid over a launch that is in order; undefined takes one away. */
  claims?: Claims | (() => Claims);
  /** All of the token instead. */
  token?: (claims: Claims) => Promise<string> | string;
}

const sign = (claims: Claims, header?: Record<string, unknown>, by = key): Promise<string> =>
  signClaims(claims, { key: by, header });

const refused: Record<string, readonly Refused[]> = {
  'the certification’s bad launches': [
    { name: '1 no kid', code: 'token-key-unknown', token: (c) => sign(c, { kid: undefined }) },
    { name: '2 an unknown kid', code: 'token-key-unknown', token: (c) => sign(c, { kid: canary }) },
    { name: '3 another version', code: 'version-unsupported', claims: { [claimNames.version]: '11.3' } },
    { name: '4 no version', code: 'claim-missing', claims: { [claimNames.version]: undefined } },
    { name: '5 no LTI message', code: 'token-issuer', token: () => sign({ name: 'badltilaunch' }) },
    {
      name: '6 several claims missing',
      code: 'token-issuer',
      claims: { aud: undefined, iss: undefined, sub: undefined, [claimNames.roles]: undefined },
    },
    { name: '7 times of long ago', code: 'token-expired', claims: { iat: 11_111, exp: 22_222 } },
    { name: '8 no message type', code: 'claim-missing', claims: { [claimNames.messageType]: undefined } },
    { name: '9 no roles', code: 'claim-missing', claims: { [claimNames.roles]: undefined } },
    { name: '10 no deployment', code: 'claim-missing', claims: { [claimNames.deploymentId]: undefined } },
    { name: '11 no resource link', code: 'claim-missing', claims: { [claimNames.resourceLink]: undefined } },
    { name: '12 no sub', code: 'launch-anonymous', claims: { sub: undefined } },
  ],
  signatures: [
    { name: 'none at all', code: 'token-signature', token: (c) => unsigned(c, key.kid) },
    {
      name: 'HMAC with the platform’s public key',
      code: 'token-signature',
      token: (c) => signedWithPublicKey(c, key),
    },
    {
      name: 'HMAC with our own public key',
      code: 'token-signature',
      token: async (c) => signedWithPublicKey(c, await ourPublicKey()),
    },
    {
      name: 'of another key under the right kid',
      code: 'token-signature',
      token: (c) => sign(c, { kid: key.kid }, foreignKey),
    },
    {
      name: 'of a key that the header says where to fetch (jku)',
      code: 'token-key-unknown',
      token: (c) => sign(c, { jku: `${platform.url}/evil-jwks` }, foreignKey),
    },
    {
      name: 'of a key that the header brings along (jwk)',
      code: 'token-key-unknown',
      token: (c) => sign(c, { jwk: foreignKey.publicJwk }, foreignKey),
    },
    {
      name: 'of the right key, in a header with a critical extension',
      code: 'token-malformed',
      token: async (c) => replacePart(await sign(c), 0, { alg: 'RS256', kid: key.kid, crit: ['x'], x: 1 }),
    },
    {
      name: 'over other claims',
      code: 'token-signature',
      token: async (c) => replacePart(await sign(c), 1, { ...c, sub: 'x' }),
    },
    {
      name: 'cut off',
      code: 'token-malformed',
      token: async (c) => (await sign(c)).split('.').slice(0, 2).join('.'),
    },
    { name: 'in something that is no token', code: 'token-malformed', token: () => canary },
  ],
  'who it is for, and from whom': [
    { name: 'another audience', code: 'token-audience', claims: { aud: 'x', azp: undefined } },
    {
      name: 'several audiences without azp',
      code: 'token-audience',
      claims: { aud: [clientId, 'x'], azp: undefined },
    },
    { name: 'another azp', code: 'token-audience', claims: { aud: [clientId, 'x'], azp: 'x' } },
    {
      name: 'another client of the same platform',
      code: 'token-audience',
      claims: { aud: otherClientId, azp: otherClientId },
    },
    { name: 'no audience', code: 'token-audience', claims: { aud: undefined } },
    { name: 'the issuer with a slash', code: 'token-issuer', claims: () => ({ iss: `${platform.url}/` }) },
    {
      name: 'the issuer in capitals',
      code: 'token-issuer',
      claims: () => ({ iss: platform.url.toUpperCase() }),
    },
    { name: 'an issuer in a list', code: 'token-issuer', claims: () => ({ iss: [platform.url] }) },
    {
      name: 'a deployment of another tenant',
      code: 'deployment-pending',
      claims: { [claimNames.deploymentId]: otherDeploymentId },
    },
  ],
  time: [
    {
      name: 'expired by 61 s',
      code: 'token-expired',
      claims: () => ({ iat: seconds() - 3_661, exp: seconds() - 61 }),
    },
    { name: 'no end', code: 'claim-missing', claims: { exp: undefined } },
    { name: 'an end in words', code: 'claim-missing', claims: { exp: 'never' } },
    { name: 'no beginning', code: 'claim-missing', claims: { iat: undefined } },
    { name: 'from the future', code: 'token-not-yet-valid', claims: () => ({ iat: seconds() + 75 }) },
    { name: 'not valid yet', code: 'token-not-yet-valid', claims: () => ({ nbf: seconds() + 75 }) },
  ],
  nonce: [
    { name: 'none', code: 'nonce-mismatch', claims: { nonce: undefined } },
    { name: 'another', code: 'nonce-mismatch', claims: { nonce: canary } },
  ],
  'where it leads': [
    'https://evil.example/lti/launch',
    'TOOL@evil.example/',
    'https://user@TOOLHOST/lti/launch',
    'TOOL\\@evil.example/',
    'TOOL//evil.example/',
    '//TOOLHOST/lti/launch',
    'https://TOOLHOST:8443/lti/launch',
    'javascript:alert(1)',
    'TOOL/\n/evil.example',
    '',
  ].map((target) => ({
    name: JSON.stringify(target),
    code: 'target-foreign' as const,
    claims: () => ({ [claimNames.targetLinkUri]: ofTool(target) }),
  })),
  'messages and people': [
    {
      name: 'an unknown kind of message',
      code: 'message-unsupported',
      claims: { [claimNames.messageType]: canary },
    },
    {
      name: 'deep linking without its settings',
      code: 'claim-missing',
      claims: { [claimNames.messageType]: 'LtiDeepLinkingRequest' },
    },
    { name: 'a sub that the database cannot keep', code: 'claim-missing', claims: { sub: 'a\0b' } },
    {
      name: 'a deployment that the database cannot keep',
      code: 'claim-missing',
      claims: { [claimNames.deploymentId]: '5:\0' },
    },
    {
      name: 'a number for a sub that JSON cannot tell from its neighbours',
      code: 'claim-missing',
      claims: { sub: 2 ** 53 },
    },
    { name: 'an empty sub', code: 'claim-missing', claims: { sub: '' } },
    { name: 'a sub that is a list', code: 'claim-missing', claims: { sub: ['a-student'] } },
    { name: 'roles that are a word', code: 'claim-missing', claims: { [claimNames.roles]: 'Learner' } },
    {
      name: 'an administrator who acts as the student',
      code: 'launch-masquerading',
      claims: { [claimNames.custom]: { masquerader: canary } },
    },
    {
      name: 'an anonymous visitor of a public course',
      code: 'launch-anonymous',
      claims: { sub: undefined, name: undefined, [claimNames.roles]: [`${vocabulary}/system/person#None`] },
    },
    { name: 'no course', code: 'launch-without-course', claims: { [claimNames.context]: undefined } },
    {
      name: 'no course, only an e-mail address',
      code: 'launch-without-course',
      claims: {
        [claimNames.context]: undefined,
        name: undefined,
        given_name: undefined,
        family_name: undefined,
      },
    },
    { name: 'no role', code: 'launch-without-role', claims: { [claimNames.roles]: [''] } },
    { name: 'an empty list of roles', code: 'launch-without-role', claims: { [claimNames.roles]: [] } },
    {
      name: 'a role elsewhere alone',
      code: 'launch-without-role',
      claims: { [claimNames.roles]: [`${vocabulary}/institution/person#Instructor`] },
    },
    { name: 'an unknown role alone', code: 'launch-without-role', claims: { [claimNames.roles]: [canary] } },
  ],
};

const ofTool = (text: string) => text.replace('TOOLHOST', new URL(tool).host).replace('TOOL', tool);

function replacePart(token: string, index: number, value: unknown): string {
  const parts = token.split('.');
  parts[index] = Buffer.from(JSON.stringify(value)).toString('base64url');
  return parts.join('.');
}

async function ourPublicKey(): Promise<{ kid: string; publicKey: CryptoKey }> {
  const { keys } = (await (await fetch(`${tool}/lti/jwks`)).json()) as { keys: JWK[] };
  const [jwk] = keys;
  const publicKey = await importJWK({ ...jwk, alg: 'RS256' }, 'RS256', { extractable: true });
  if (publicKey instanceof Uint8Array) throw new Error('not an RSA key');
  // Under the platform's kid: else it would fail for that reason.
  return { kid: key.kid, publicKey };
}

for (const [group, rows] of Object.entries(refused)) {
  test.describe(`refused: ${group}`, () => {
    for (const { name, code, claims = {}, token = sign } of rows) {
      test(`${name} → ${code}`, async () => {
        const begun = await beginLaunch(tool, loginFields());
        const change = typeof claims === 'function' ? claims() : claims;
        const answer = await send(begun, await token({ ...rightClaims(begun), ...change }));
        expectRefusal(answer, code);
      });
    }
  });
}

test('no key address of a token’s header was ever asked', () => {
  expect(platform.received.filter(({ path }) => path.startsWith('/evil'))).toEqual([]);
});

interface Accepted {
  name: string;
  claims: Claims | (() => Claims);
}

const noNames = { name: undefined, given_name: undefined, family_name: undefined };
const accepted: readonly Accepted[] = [
  { name: 'plain', claims: {} },
  { name: 'only an e-mail address', claims: noNames },
  { name: 'only names', claims: { email: undefined } },
  { name: 'neither name nor e-mail address', claims: { ...noNames, email: undefined } },
  {
    name: 'names of null',
    claims: { name: null, given_name: null, family_name: '', email: '', locale: null },
  },
  { name: 'one audience in a list, without azp', claims: { aud: [clientId], azp: undefined } },
  { name: 'several audiences with the right azp', claims: { aud: [clientId, 'x'], azp: clientId } },
  { name: 'issued 4 minutes ago', claims: () => ({ iat: seconds() - 240 }) },
  {
    name: 'expired within the skew of clocks',
    claims: () => ({ iat: seconds() - 3_600, exp: seconds() - 30 }),
  },
  { name: 'issued a little ahead of our clock', claims: () => ({ iat: seconds() + 30 }) },
  { name: 'no custom fields', claims: { [claimNames.custom]: undefined } },
  { name: 'custom fields as PHP sends none', claims: { [claimNames.custom]: [] } },
  {
    name: 'variables that stayed literal',
    claims: {
      [claimNames.custom]: { masquerader: '$Canvas.masqueradingUser.id', canvas_user_id: '$Canvas.user.id' },
    },
  },
  {
    name: 'ids that are numbers',
    claims: { sub: 4711, [claimNames.context]: { id: 'conformance' }, [claimNames.resourceLink]: { id: 12 } },
  },
];
const roleSets: Record<string, Record<'teacher' | 'student', string[]>> = {
  'one role': { teacher: [membership('Instructor')], student: [membership('Learner')] },
  'several roles': {
    teacher: [
      membership('Instructor'),
      `${vocabulary}/institution/person#Faculty`,
      `${vocabulary}/system/person#User`,
    ],
    student: [membership('Learner'), `${vocabulary}/institution/person#Mentor`],
  },
  'a short role': { teacher: ['Instructor'], student: ['Learner'] },
  'an unknown role beside': {
    teacher: ['urn:example:Wizard', membership('Instructor')],
    student: [membership('Learner'), `${vocabulary}/membership#Wizard`],
  },
};

for (const as of ['teacher', 'student'] as const) {
  test.describe(`accepted, as a ${as}`, () => {
    const rows: (Accepted & { roles: string[] | undefined })[] = [
      ...accepted.map(({ name, claims }) => ({ name, claims, roles: roleSets['one role']?.[as] })),
      ...Object.entries(roleSets).map(([name, sets]) => ({ name, claims: {}, roles: sets[as] })),
    ];
    for (const { name, claims, roles } of rows) {
      test(name, async () => {
        const begun = await beginLaunch(tool, loginFields());
        const change = typeof claims === 'function' ? claims() : claims;
        const token = await sign({
          ...rightClaims(begun),
          sub: `a-${as}`,
          [claimNames.roles]: roles,
          ...change,
        });
        const answer = await send(begun, token);
        expect(answer.status, answer.text).toBe(303);
        expect(isSignedIn(answer)).toBe(true);
        const page = await get(answer.location ?? '', { cookie: cookieHeader(answer.cookies) });
        expect(page.status).toBe(200);
        expect(page.text).toContain(en[as === 'teacher' ? 'home.title' : 'mine.title']);
      });
    }
  });
}

const testUser = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';
const others: [string, Claims, MessageKey][] = [
  ['an observer', { [claimNames.roles]: [membership('Mentor')] }, 'onlooker.title'],
  ['a designer', { [claimNames.roles]: [membership('ContentDeveloper')] }, 'onlooker.title'],
  [
    'an assistant, who is called instructor too',
    {
      [claimNames.roles]: [`${vocabulary}/membership/Instructor#TeachingAssistant`, membership('Instructor')],
    },
    'home.title',
  ],
  [
    'Student View, in which a teacher acts as the course’s test user',
    { [claimNames.roles]: [membership('Learner'), testUser], [claimNames.custom]: { masquerader: '7' } },
    'mine.test-user',
  ],
];
test.describe('accepted, to a page of their own', () => {
  for (const [who, claims, words] of others) {
    test(who, async () => {
      const begun = await beginLaunch(tool, loginFields());
      const answer = await send(begun, await sign({ ...rightClaims(begun), sub: who, ...claims }));
      expect(answer.status, answer.text).toBe(303);
      const page = await get(answer.location ?? '', { cookie: cookieHeader(answer.cookies) });
      expect(page.status).toBe(200);
      expect(page.text).toContain(en[words]);
    });
  }
});

test.describe('a request for a link', () => {
  const asking = {
    [claimNames.messageType]: 'LtiDeepLinkingRequest',
    [claimNames.resourceLink]: undefined,
    [claimNames.targetLinkUri]: undefined,
    [claimNames.deepLinkingSettings]: {
      deep_link_return_url: 'https://platform.example/return',
      accept_types: ['link', 'ltiResourceLink'],
    },
  };
  const ask = async (role: string) => {
    const begun = await beginLaunch(tool, loginFields());
    const claims = { ...rightClaims(begun), sub: role, [claimNames.roles]: [membership(role)], ...asking };
    return send(begun, await sign(claims));
  };

  test('by a teacher is answered with the question which', async () => {
    const answer = await ask('Instructor');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain(en['link.title']);
    expect(isSignedIn(answer)).toBe(false);
  });

  test('by a student → no-access', async () => {
    expectRefusal(await ask('Learner'), 'no-access');
  });
});

test('custom fields are believed where they are the tool’s own: a Moodle teacher writes theirs for nobody', async () => {
  const moodle = { [claimNames.toolPlatform]: { product_family_code: 'moodle' } };
  const custom = {
    api_domain: 'evil.example',
    canvas_user_id: '1',
    sis_user_id: 'x',
    masquerader: '1',
    tz: 'Europe/Rome',
  };
  const begun = await beginLaunch(tool, loginFields());
  const answer = await send(
    begun,
    await sign({ ...rightClaims(begun), ...moodle, sub: 'of-moodle', [claimNames.custom]: custom }),
  );
  expect(answer.status, answer.text).toBe(303);
  const page = await fetch(answer.location ?? '', {
    headers: { cookie: cookieHeader(answer.cookies), 'sec-fetch-dest': 'iframe' },
  });
  expect(page.headers.get('content-security-policy')).not.toContain('evil.example');
  const people = await database.db.execute(
    sql`select canvas_user_id, sis_id from people where sub = 'of-moodle'`,
  );
  expect(people.rows).toEqual([{ canvas_user_id: null, sis_id: null }]);
});

test('the pages of every host that a school was launched from may frame the tool, at once and in every process', async () => {
  const second = await startTool(toolEnv);
  try {
    const seen: string[] = [];
    for (const host of ['lms.school.example', 'school.example', 'lms.school.example']) {
      seen.push(`http://${host}`);
      const begun = await beginLaunch(tool, loginFields());
      const claims = { ...rightClaims(begun), [claimNames.custom]: { api_domain: host } };
      const answer = await send(begun, await sign(claims));
      const elsewhere = (answer.location ?? '').replace(tool, second.url);
      const page = await fetch(elsewhere, {
        headers: { cookie: cookieHeader(answer.cookies), 'sec-fetch-dest': 'iframe' },
      });
      const policy = page.headers.get('content-security-policy') ?? '';
      for (const source of seen) expect(policy).toContain(source);
    }
  } finally {
    await second.stop();
  }
});

test('a platform that is switched off is over at once, for those who are signed in too', async () => {
  await register('switched-off', jwksPath, ['d1']);
  const begun = await beginLaunch(tool, loginFields({ client_id: 'switched-off' }));
  const answer = await send(begun, await sign(rightClaims(begun, 'switched-off')));
  const cookie = cookieHeader(answer.cookies);
  expect((await get(answer.location ?? '', { cookie })).status).toBe(200);
  const key = { issuer: platform.url, clientId: 'switched-off' };
  await switchPlatform({ db: database.db, now: new Date() }, { ...key, enabled: false });
  expect((await get(answer.location ?? '', { cookie })).status).toBe(403);
  await switchPlatform({ db: database.db, now: new Date() }, { ...key, enabled: true });
  expect((await get(answer.location ?? '', { cookie })).status).toBe(200);
});

test.describe('the state', () => {
  test('of another browser is refused', async () => {
    const begun = await beginLaunch(tool, loginFields());
    const idToken = await sign(rightClaims(begun));
    expectRefusal(await send({ ...begun, cookie: '' }, idToken), 'state-other-browser');
    const other = await beginLaunch(tool, loginFields());
    expectRefusal(await send({ ...begun, cookie: other.cookie }, idToken), 'state-other-browser');
    // And its own browser has lost nothing by it.
    expect((await send(begun, idToken)).status).toBe(303);
  });

  test('of one client serves no launch of another', async () => {
    const begun = await beginLaunch(tool, loginFields({ client_id: otherClientId }));
    expectRefusal(await send(begun, await sign(rightClaims(begun))), 'token-audience');
  });

  test('of one attempt serves no token of another', async () => {
    const [first, second] = [await beginLaunch(tool, loginFields()), await beginLaunch(tool, loginFields())];
    expectRefusal(await send(second, await sign(rightClaims(first))), 'nonce-mismatch');
  });

  const forgeries: [string, (state: string) => string, ErrorCode][] = [
    ['left out', () => '', 'launch-incomplete'],
    ['made up', () => canary, 'state-unknown'],
    ['changed in its last letters', (state) => `${state.slice(0, -3)}AAA`, 'state-unknown'],
  ];
  for (const [name, forge, code] of forgeries) {
    test(`${name} → ${code}`, async () => {
      const begun = await beginLaunch(tool, loginFields());
      const idToken = await sign(rightClaims(begun));
      expectRefusal(await send({ ...begun, state: forge(begun.state) }, idToken), code);
    });
  }
});

test('one launch, sent to two processes at the same moment, counts once', async () => {
  const second = await startTool(toolEnv);
  try {
    for (let round = 0; round < 5; round += 1) {
      const begun = await beginLaunch(tool, loginFields());
      const idToken = await sign({ ...rightClaims(begun), sub: 'twice' });
      const places = [tool, second.url, tool, second.url, tool, second.url];
      const answers = await Promise.all(places.map((at) => send(begun, idToken, at)));
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 409, 409, 409, 409, 409]);
      for (const answer of answers) if (answer.status !== 303) expectRefusal(answer, 'launch-replayed');
    }
  } finally {
    await second.stop();
  }
});

test.describe('the platform’s keys', () => {
  for (const [trouble, answer] of Object.entries(keyTroubles)) {
    test(`${trouble}: nobody waits long, nobody is signed in`, async () => {
      const path = `/jwks-${trouble.replace(' ', '-')}`;
      platform.on(path, answer);
      await register(`keys-${trouble}`, path, ['d1']);
      const begun = await beginLaunch(tool, loginFields({ client_id: `keys-${trouble}` }));
      const idToken = await sign(rightClaims(begun, `keys-${trouble}`));
      expectRefusal(await send(begun, idToken), 'platform-keys-unavailable');
    });
  }

  test('change between two launches, and the second is good as well', async () => {
    const [before, after] = [await createSigningKey(), await createSigningKey()];
    platform.on('/jwks-turning', json({ keys: [before.publicJwk] }));
    await register('keys-turning', '/jwks-turning', ['d1']);
    const launchWith = async (by: SigningKey) => {
      const begun = await beginLaunch(tool, loginFields({ client_id: 'keys-turning' }));
      return send(begun, await sign(rightClaims(begun, 'keys-turning'), {}, by));
    };
    expect((await launchWith(before)).status).toBe(303);
    platform.on('/jwks-turning', json({ keys: [after.publicJwk] }));
    expect((await launchWith(after)).status).toBe(303);
  });
});

test.describe('what is sent to the doors', () => {
  const twice = (fields: Record<string, string>, name: string): Fields => [
    ...Object.entries(fields),
    [name, canary],
  ];

  const without = (fields: Record<string, string>, name: string): Fields =>
    Object.entries(fields).filter(([field]) => field !== name);

  const logins: [string, (fields: Record<string, string>) => Fields, ErrorCode][] = [
    ['nothing', () => [], 'login-incomplete'],
    ['no issuer', (fields) => without(fields, 'iss'), 'login-incomplete'],
    ['no login_hint', (fields) => without(fields, 'login_hint'), 'login-incomplete'],
    ['no target', (fields) => without(fields, 'target_link_uri'), 'login-incomplete'],
    ['the issuer twice', (fields) => twice(fields, 'iss'), 'login-incomplete'],
    ['the client twice', (fields) => twice(fields, 'client_id'), 'login-incomplete'],
    ['the issuer with a slash', (fields) => ({ ...fields, iss: `${fields.iss ?? ''}/` }), 'platform-unknown'],
    [
      'an issuer that the database cannot look for',
      (fields) => ({ ...fields, iss: 'https://x\0' }),
      'login-incomplete',
    ],
    ['an unknown issuer', (fields) => ({ ...fields, iss: `https://${canary}.example` }), 'platform-unknown'],
    ['an unknown client', (fields) => ({ ...fields, client_id: canary }), 'platform-unknown'],
    ['no client where the issuer has several', (fields) => without(fields, 'client_id'), 'platform-unknown'],
    [
      'a target elsewhere',
      (fields) => ({ ...fields, target_link_uri: `https://evil.example/${canary}` }),
      'target-foreign',
    ],
    [
      'HTML in the issuer',
      (fields) => ({ ...fields, iss: `"><script>${canary}</script>` }),
      'platform-unknown',
    ],
    [
      'HTML in the client',
      (fields) => ({ ...fields, client_id: `'"><img src=x onerror=${canary}>` }),
      'platform-unknown',
    ],
    ['a megabyte', (fields) => ({ ...fields, login_hint: canary.repeat(80_000) }), 'body-too-large'],
  ];
  for (const [name, change, code] of logins) {
    test(`a login with ${name} → ${code}`, async () => {
      const { answer } = await beginLaunch(tool, change(loginFields()));
      expectRefusal(answer, code);
      expect(answer.cookies).toEqual([]);
    });
  }

  test('a login in a frame shows what the platform sent nowhere but in fields, as text', async () => {
    const answer = await post(
      `${tool}/lti/login`,
      loginFields({ login_hint: `"><script>${canary}</script>`, lti_storage_target: `"><b>${canary}` }),
      { 'sec-fetch-dest': 'iframe' },
    );
    expect(answer.status).toBe(200);
    expect(answer.text).not.toMatch(new RegExp(`<(script|b)>${canary}`));
    expect(answer.text).toContain(`value="&quot;&gt;&lt;script&gt;${canary}`);
  });

  const launches: [string, (begun: BegunLaunch, idToken: string) => Fields, ErrorCode][] = [
    ['nothing', () => [], 'launch-incomplete'],
    ['no token', ({ state }) => ({ state }), 'launch-incomplete'],
    ['no state', (_, idToken) => ({ id_token: idToken }), 'launch-incomplete'],
    [
      'two tokens',
      ({ state }, t) => [
        ['id_token', t],
        ['id_token', t],
        ['state', state],
      ],
      'launch-incomplete',
    ],
    [
      'two states',
      ({ state }, t) => [
        ['id_token', t],
        ['state', state],
        ['state', canary],
      ],
      'launch-incomplete',
    ],
    ['a token of a megabyte', ({ state }) => ({ state, id_token: 'x'.repeat(1_000_000) }), 'body-too-large'],
    ['a token of 110 kB', ({ state }) => ({ state, id_token: 'x'.repeat(110_000) }), 'launch-incomplete'],
    [
      'the platform’s refusal',
      ({ state }) => ({ state, error: 'login_required', error_description: `<b>${canary}` }),
      'platform-refused',
    ],
    ['a key from elsewhere', ({ state }, t) => ({ state, id_token: t, kept_key: canary }), 'wrong-origin'],
  ];
  for (const [name, fields, code] of launches) {
    test(`a launch with ${name} → ${code}`, async () => {
      const begun = await beginLaunch(tool, loginFields());
      const sent = fields(begun, await sign(rightClaims(begun)));
      expectRefusal(await post(`${tool}/lti/launch`, sent, { cookie: begun.cookie }), code);
    });
  }

  test('the launch door by the address bar', async () => {
    expectRefusal(await get(`${tool}/lti/launch`), 'launch-incomplete');
  });
});
