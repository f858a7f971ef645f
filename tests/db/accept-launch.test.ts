import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { addMs } from '#lib/base/time.ts';
import type { Ctx } from '#lib/context.ts';
import { acceptLaunch } from '#lib/launches/accept-launch.ts';
import type { LaunchRequest } from '#lib/launches/accept-launch.ts';
import { beginLogin } from '#lib/launches/begin-login.ts';
import { openState } from '#lib/launches/state.ts';
import { claimNames } from '#lib/lti/claim-names.ts';
import { keepMembers } from '#lib/members/keep-members.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { switchPlatform } from '#lib/platforms/switch-platform.ts';
import {
  clientId,
  createLaunchSigner,
  deploymentId,
  issuer,
  membershipRole,
} from '../support/launch-signer.ts';
import type { LaunchWords } from '../support/launch-signer.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const publicUrl = 'https://tool.example';
const context = useTestContext();
let signer: Awaited<ReturnType<typeof createLaunchSigner>>;

/** Registers the platform with this deployment beside those that it has. */
const register = (deployment: string) =>
  registerPlatform(context.ctx, {
    issuer,
    clientId,
    name: 'Canvas',
    authorizeUrl: 'https://sso.example/authorize',
    tokenUrl: 'https://sso.example/token',
    jwksUrl: 'https://sso.example/jwks',
    deploymentIds: [deployment],
  });

beforeAll(async () => {
  signer = await createLaunchSigner();
  await register(deploymentId);
});

/** What the launch door hands over, with the id_token of this attempt. */
function launchRequest(
  begun: { sealedState: string; browserKey: string },
  idToken: string,
  change: Partial<LaunchRequest> = {},
): LaunchRequest {
  return {
    response: { idToken, state: begun.sealedState },
    browserKey: begun.browserKey,
    keysOf: () => signer.keys,
    publicUrl,
    defaultTimeZone: 'UTC',
    approveDeployments: 'never',
    ...change,
  };
}

async function begin(ctx: Ctx = context.ctx, isFramed = false) {
  const begun = await beginLogin(ctx, {
    request: {
      iss: issuer,
      client_id: clientId,
      login_hint: 'h',
      target_link_uri: `${publicUrl}/lti/launch`,
    },
    publicUrl,
    isFramed,
  });
  const nonce = openState(testSecrets, begun.sealedState, ctx.now)?.nonce ?? '';
  return { ...begun, nonce };
}

async function launch(
  words: Partial<LaunchWords> & { sub: string },
  { ctx = context.ctx, browserKey }: { ctx?: Ctx; browserKey?: string | null } = {},
) {
  const begun = await begin(ctx);
  const idToken = await signer.sign({ nonce: begun.nonce, now: ctx.now, ...words });
  const accepted = await acceptLaunch(
    ctx,
    launchRequest(begun, idToken, browserKey === undefined ? {} : { browserKey: browserKey ?? undefined }),
  );
  if (accepted.kind !== 'signed-in') throw new Error(accepted.kind);
  return accepted;
}

async function count(table: string, where = 'true'): Promise<number> {
  const answer = await context.ctx.db.execute<{ n: string }>(
    sql.raw(`select count(*)::text as n from ${table} where ${where}`),
  );
  return Number(answer.rows[0]?.n);
}

describe('a launch that is in order', () => {
  test('keeps person, course and place, and says where to go', async () => {
    const accepted = await launch({
      sub: 'anna',
      custom: { section_ids: '11,12', section_names: '["A","B"]' },
    });
    expect(accepted).toMatchObject({ role: 'student', locale: 'de', targetPath: '/lti/launch' });
    expect(accepted.course).toMatchObject({ contextId: 'course-a', title: 'Anatomie' });
    expect(await count('sections', `course_id = '${accepted.course.id}'`)).toBe(2);
    expect(await count('membership_spans', 'ends_at is null')).toBe(2);
  });

  test('a second one is the same person in the same place, with the newer section', async () => {
    const before = await launch({ sub: 'berta', custom: { section_ids: '11', section_names: '["A"]' } });
    const after = await launch({ sub: 'berta', custom: { section_ids: '12', section_names: '["B"]' } });
    expect(after.personId).toBe(before.personId);
    const spans = await context.ctx.db.execute<{ name: string; ended: boolean }>(
      sql`select s.name, ms.ends_at is not null as ended from membership_spans ms join sections s on s.id = ms.section_id
          join memberships m on m.id = ms.membership_id where m.person_id = ${before.personId} order by s.name`,
    );
    expect(spans.rows).toEqual([
      { name: 'A', ended: true },
      { name: 'B', ended: false },
    ]);
  });

  test('the zone is a teacher’s word, never a student’s, and a later teacher does not move it', async () => {
    const tz = (zone: string) => ({ contextId: 'zoned', custom: { tz: zone } });
    const student = await launch({ sub: 'carl', ...tz('Asia/Tokyo') });
    expect(student.course.timeZone).toBe('UTC');
    const teacher = await launch({
      sub: 'tina',
      roles: [membershipRole('Instructor')],
      ...tz('Europe/Berlin'),
    });
    expect(teacher.course.timeZone).toBe('Europe/Berlin');
    const other = await launch({ sub: 'theo', roles: [membershipRole('Instructor')], ...tz('America/Lima') });
    expect(other.course.timeZone).toBe('Europe/Berlin');
  });

  test('the course is in the state that the platform names, and stays so where it names none', async () => {
    const at = async (custom: Record<string, unknown>) =>
      (await launch({ sub: 'stine', contextId: 'with-state', custom })).course.platformState;
    expect(await at({})).toBeNull();
    expect(await at({ course_state: 'available' })).toBe('available');
    expect(await at({ course_state: '$Canvas.course.workflowState' })).toBe('available');
    expect(await at({ course_state: 'completed' })).toBe('completed');
  });

  test('the term ends when the platform says so, and stays so where it says nothing', async () => {
    const at = async (custom: Record<string, unknown>) =>
      (await launch({ sub: 'stine', contextId: 'with-term', custom })).course.termEndsAt?.toISOString();
    expect(await at({})).toBeUndefined();
    expect(await at({ term_end: '2027-07-31 23:59:59 +0200' })).toBe('2027-07-31T21:59:59.000Z');
    expect(await at({ term_end: '$Canvas.term.endAt' })).toBe('2027-07-31T21:59:59.000Z');
    expect(await at({ term_end: 'some day' })).toBe('2027-07-31T21:59:59.000Z');
    expect(await at({ term_end: '2027-08-01T00:00:00Z' })).toBe('2027-08-01T00:00:00.000Z');
  });

  test('one course id in two deployments is two courses', async () => {
    await register('6:other');
    const here = await launch({ sub: 'dora' });
    const there = await launch({ sub: 'dora', deployment: '6:other' });
    expect(there.course.id).not.toBe(here.course.id);
    expect(there.personId).toBe(here.personId);
  });
});

describe('one human is one row', () => {
  test('when ten launches and a roster page see them at the same moment', async () => {
    const { course } = await launch({ sub: 'emil-the-first' });
    const [platform] = (
      await context.ctx.db.execute<{ id: string }>(
        sql`select id from platforms where client_id = ${clientId}`,
      )
    ).rows;
    const seen = {
      ...{ name: 'Emil', givenName: undefined, familyName: undefined, email: undefined, locale: undefined },
      ...{
        sisId: undefined,
        canvasUserId: '77',
        role: 'student' as const,
        isTestUser: false,
        sections: undefined,
      },
    };
    await Promise.all([
      ...Array.from({ length: 10 }, () => launch({ sub: 'emil', custom: { canvas_user_id: 77 } })),
      keepMembers(context.ctx, {
        platformId: platform?.id ?? '',
        courseId: course.id,
        members: [{ sub: 'emil', ...seen }],
        spanStarts: { newMember: null, knownMember: null },
        launched: false,
      }),
    ]);
    expect(await count('people', "sub = 'emil'")).toBe(1);
    expect(await count('people', "canvas_user_id = '77'")).toBe(1);
    expect(
      await count(
        'membership_spans ms join memberships m on m.id = ms.membership_id join people p on p.id = m.person_id',
        "p.sub = 'emil'",
      ),
    ).toBe(1);
  });

  test('a number that belongs to somebody else stays with them', async () => {
    await launch({ sub: 'frida', custom: { canvas_user_id: 88 } });
    await launch({ sub: 'fritz', custom: { canvas_user_id: 88 } });
    expect(await count('people', "sub = 'frida' and canvas_user_id = '88'")).toBe(1);
    expect(await count('people', "sub = 'fritz' and canvas_user_id is null")).toBe(1);
  });
});

describe('a launch that is refused', () => {
  test.each<[string, Partial<LaunchWords>, string]>([
    ['an unknown deployment', { deployment: '9:unknown' }, 'deployment-pending'],
    ['no deployment', { change: { [claimNames.deploymentId]: undefined } }, 'claim-missing'],
    ['another version', { change: { [claimNames.version]: '11.3' } }, 'version-unsupported'],
    ['no version', { change: { [claimNames.version]: undefined } }, 'claim-missing'],
    ['no message type', { change: { [claimNames.messageType]: undefined } }, 'claim-missing'],
    ['no roles', { change: { [claimNames.roles]: undefined } }, 'claim-missing'],
    ['no resource link', { change: { [claimNames.resourceLink]: undefined } }, 'claim-missing'],
    ['no sub', { change: { sub: undefined } }, 'launch-anonymous'],
    ['no course', { change: { [claimNames.context]: undefined } }, 'launch-without-course'],
    ['an empty role', { roles: [''] }, 'launch-without-role'],
    [
      'a role elsewhere only',
      { roles: ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor'] },
      'launch-without-role',
    ],
    ['a target elsewhere', { target: 'https://evil.example/' }, 'target-foreign'],
    ['an administrator acting as the person', { custom: { masquerader: '1' } }, 'launch-masquerading'],
  ])('%s keeps nobody', async (_name, words, code) => {
    const before = await count('people');
    await expect(launch({ sub: 'nobody-yet', ...words })).rejects.toMatchObject({ code });
    expect(await count('people')).toBe(before);
  });

  test('but not Student View, in which a teacher acts as the test user', async () => {
    const roles = [membershipRole('Learner'), 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser'];
    const accepted = await launch({ sub: 'test-user', roles, custom: { masquerader: '1' } });
    expect(await count('memberships', `person_id = '${accepted.personId}' and is_test_user`)).toBe(1);
  });

  test('a masquerading variable that stayed literal is none', async () => {
    await expect(
      launch({ sub: 'gerd', custom: { masquerader: '$Canvas.masqueradingUser.id' } }),
    ).resolves.toMatchObject({ role: 'student' });
  });

  test('a state without its browser, or with another’s', async () => {
    await expect(launch({ sub: 'x' }, { browserKey: null })).rejects.toMatchObject({
      code: 'state-other-browser',
    });
    const other = await begin();
    await expect(launch({ sub: 'x' }, { browserKey: other.browserKey })).rejects.toMatchObject({
      code: 'state-other-browser',
    });
  });

  test('a state that is not ours, or too old', async () => {
    const begun = await begin();
    const request = (sealedState: string) => launchRequest({ ...begun, sealedState }, 'x.y.z');
    await expect(acceptLaunch(context.ctx, request('nonsense'))).rejects.toMatchObject({
      code: 'state-unknown',
    });
    await expect(
      acceptLaunch(context.at(addMs(saturday, 10 * 60_000)), request(begun.sealedState)),
    ).rejects.toMatchObject({ code: 'state-unknown' });
  });

  test('a token of another attempt of the same browser', async () => {
    const [first, second] = [await begin(), await begin()];
    const idToken = await signer.sign({ sub: 'x', nonce: first.nonce, now: saturday });
    await expect(acceptLaunch(context.ctx, launchRequest(second, idToken))).rejects.toMatchObject({
      code: 'nonce-mismatch',
    });
  });

  test('the same launch twenty times at the same moment: exactly one counts', async () => {
    const begun = await begin();
    const idToken = await signer.sign({ sub: 'hanna', nonce: begun.nonce, now: saturday });
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => acceptLaunch(context.ctx, launchRequest(begun, idToken))),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    const codes = outcomes.flatMap((o) =>
      o.status === 'rejected' ? [(o.reason as { code: string }).code] : [],
    );
    expect(new Set(codes)).toEqual(new Set(['launch-replayed']));
  });

  test('a platform that was switched off, until it is on again', async () => {
    const begun = await begin();
    await switchPlatform(context.ctx, { issuer, clientId, enabled: false });
    await expect(begin()).rejects.toMatchObject({ code: 'platform-disabled' });
    const idToken = await signer.sign({ sub: 'x', nonce: begun.nonce, now: saturday });
    const request = launchRequest(begun, idToken);
    await expect(acceptLaunch(context.ctx, request)).rejects.toMatchObject({ code: 'platform-disabled' });
    await switchPlatform(context.ctx, { issuer, clientId, enabled: true });
    await expect(begin()).resolves.toBeDefined();
  });

  test('an issuer that nobody registered, or in other case', async () => {
    const request = { client_id: clientId, login_hint: 'h', target_link_uri: `${publicUrl}/lti/launch` };
    for (const iss of ['https://evil.example', 'https://CANVAS.example', 'https://canvas.example/']) {
      await expect(
        beginLogin(context.ctx, { request: { ...request, iss }, publicUrl, isFramed: false }),
      ).rejects.toMatchObject({
        code: 'platform-unknown',
      });
    }
  });
});

describe('a launch in a frame that keeps no cookie', () => {
  test('is asked for the key first, and counts once, when the key is there', async () => {
    const begun = await begin(context.ctx, true);
    const idToken = await signer.sign({ sub: 'karla', nonce: begun.nonce, now: saturday });
    const without = launchRequest(begun, idToken, { browserKey: undefined });
    await expect(acceptLaunch(context.ctx, without)).resolves.toMatchObject({ kind: 'key-wanted' });
    expect(await count('people', "sub = 'karla'")).toBe(0);
    await expect(acceptLaunch(context.ctx, launchRequest(begun, idToken))).resolves.toMatchObject({
      kind: 'signed-in',
    });
    await expect(acceptLaunch(context.ctx, without)).rejects.toMatchObject({ code: 'launch-replayed' });
  });

  test('counts not at all with the key of another browser', async () => {
    const [begun, other] = [await begin(context.ctx, true), await begin(context.ctx, true)];
    const idToken = await signer.sign({ sub: 'x', nonce: begun.nonce, now: saturday });
    for (const browserKey of [other.browserKey, 'none']) {
      await expect(
        acceptLaunch(context.ctx, launchRequest(begun, idToken, { browserKey })),
      ).rejects.toMatchObject({ code: 'state-other-browser' });
    }
  });

  test('is refused before it is asked for anything, when something else is wrong', async () => {
    const begun = await begin(context.ctx, true);
    const idToken = await signer.sign({ sub: 'x', nonce: begun.nonce, now: addMs(saturday, -7_200_000) });
    await expect(
      acceptLaunch(context.ctx, launchRequest(begun, idToken, { browserKey: undefined })),
    ).rejects.toMatchObject({ code: 'token-expired' });
  });
});

describe('a request for a link', () => {
  const settings = {
    deep_link_return_url: 'https://canvas.example/courses/1/deep_linking_response',
    accept_types: ['ltiResourceLink', 'link'],
    data: 'opaque',
  };

  async function wantLink(words: Partial<LaunchWords>, given: Record<string, unknown> = settings) {
    const begun = await begin();
    const idToken = await signer.sign({
      sub: 'lin',
      nonce: begun.nonce,
      now: saturday,
      ...words,
      change: {
        [claimNames.messageType]: 'LtiDeepLinkingRequest',
        [claimNames.resourceLink]: undefined,
        [claimNames.targetLinkUri]: undefined,
        [claimNames.deepLinkingSettings]: given,
        ...words.change,
      },
    });
    return acceptLaunch(context.ctx, launchRequest(begun, idToken));
  }

  test.each(['Instructor', 'ContentDeveloper'])('comes from one who builds the course: %s', async (role) => {
    await expect(wantLink({ roles: [membershipRole(role)] })).resolves.toMatchObject({
      kind: 'link-wanted',
      deploymentId,
      settings: { returnUrl: settings.deep_link_return_url, data: 'opaque' },
    });
  });

  test.each<[string, string, Partial<LaunchWords>, Record<string, unknown>?]>([
    ['a student', 'no-access', {}],
    ['an observer', 'no-access', { roles: [membershipRole('Mentor')] }],
    [
      'a platform that takes no links',
      'message-unsupported',
      { roles: [membershipRole('Instructor')] },
      { ...settings, accept_types: ['file'] },
    ],
    [
      'no settings',
      'claim-missing',
      { roles: [membershipRole('Instructor')], change: { [claimNames.deepLinkingSettings]: undefined } },
    ],
    [
      'a way back that is no web address',
      'claim-missing',
      { roles: [membershipRole('Instructor')] },
      { ...settings, deep_link_return_url: 'javascript:alert(1)' },
    ],
  ])('%s is refused: %s', async (_what, code, words, given) => {
    await expect(wantLink(words, given)).rejects.toMatchObject({ code });
  });
});

describe('a roster', () => {
  test('never makes a student of somebody whose own launch came as staff', async () => {
    const { course, personId } = await launch({ sub: 'ida', roles: [membershipRole('Instructor')] });
    const [platform] = (
      await context.ctx.db.execute<{ id: string }>(
        sql`select id from platforms where client_id = ${clientId}`,
      )
    ).rows;
    await keepMembers(context.ctx, {
      platformId: platform?.id ?? '',
      courseId: course.id,
      spanStarts: { newMember: null, knownMember: null },
      launched: false,
      members: [
        {
          ...{ sub: 'ida', name: 'Ida', givenName: undefined, familyName: undefined, email: undefined },
          ...{
            locale: undefined,
            sisId: undefined,
            canvasUserId: undefined,
            isTestUser: false,
            sections: undefined,
          },
          role: 'student',
        },
      ],
    });
    expect(await count('memberships', `person_id = '${personId}' and role = 'teacher'`)).toBe(1);
  });
});
