import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientId, sampleApiToken, secondClientId } from '../../demo/identity.ts';
import { known } from '../../demo/people.ts';
import { Throttle } from '../../demo/throttle.ts';
import type { DemoUnderTest } from '../support/demo-browser.ts';
import {
  allScopes,
  control,
  DemoBrowser,
  nrpsOnly,
  requestToken,
  signAssertion,
  startDemoForTest,
  takeToken,
} from '../support/demo-browser.ts';

const learner = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Learner';
const instructor = 'http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor';
const customClaim = 'https://purl.imsglobal.org/spec/lti/claim/custom';

let demo: DemoUnderTest;
beforeAll(async () => {
  demo = await startDemoForTest();
});
afterAll(() => demo.close());

interface Member {
  user_id: string;
  status: string;
  roles: string[];
  name?: string;
  family_name?: string;
  message?: Record<string, unknown>[];
}

function nextOf(answer: Response): string | undefined {
  return /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
}

async function get(url: string, token?: string): Promise<Response> {
  return fetch(
    new URL(url, demo.url),
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
}

async function send(
  method: string,
  url: string,
  token: string,
  body: unknown,
  type: string,
): Promise<Response> {
  return fetch(new URL(url, demo.url), {
    method,
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
  });
}

async function roster(query = '', course = 101): Promise<{ members: Member[]; pages: number[] }> {
  const token = await takeToken(demo, nrpsOnly);
  const members: Member[] = [];
  const pages: number[] = [];
  let url: string | undefined = `${demo.url}/api/lti/courses/${String(course)}/names_and_roles${query}`;
  while (url !== undefined) {
    const answer = await get(url, token);
    expect(answer.status).toBe(200);
    const body = (await answer.json()) as { members: Member[] };
    members.push(...body.members);
    pages.push(body.members.length);
    url = nextOf(answer);
  }
  return { members, pages };
}

describe('the token endpoint', () => {
  test('gives a token of an hour for the scopes that were asked for, and fetches the tool’s keys each time', async () => {
    const before = demo.tool.downloads();
    for (let count = 0; count < 2; count += 1) {
      const answer = await requestToken(demo, await signAssertion(demo), { scope: nrpsOnly.join(' ') });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        token_type: 'Bearer',
        expires_in: 3600,
        scope: nrpsOnly[0],
        access_token: expect.any(String) as string,
      });
    }
    expect(demo.tool.downloads()).toBe(before + 2);
  });

  const now = Math.floor(Date.now() / 1000);
  test.each([
    ['aud is the issuer', { aud: 'ISSUER' }],
    ['aud is missing', { aud: undefined }],
    ['iss differs from sub', { iss: 'someone-else' }],
    ['sub is missing', { sub: undefined }],
    ['iat is missing', { iat: undefined }],
    ['iat is over five minutes old', { iat: now - 330 }],
    ['iat is over thirty seconds ahead', { iat: now + 60 }],
    ['exp is missing', { exp: undefined }],
    ['exp is past', { exp: now - 5 }],
    ['jti is missing', { jti: undefined }],
  ])('refuses an assertion whose %s', async (_what, claims) => {
    const changed = 'aud' in claims && claims.aud === 'ISSUER' ? { aud: demo.url } : claims;
    const answer = await requestToken(demo, await signAssertion(demo, { claims: changed }));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
  });

  test('takes an aud list that holds the token address', async () => {
    const aud = [demo.url, `${demo.url}/login/oauth2/token`];
    expect((await requestToken(demo, await signAssertion(demo, { claims: { aud } }))).status).toBe(200);
  });

  test('refuses other keys, other algorithms and a missing or unknown key id', async () => {
    const foreign = await generateKeyPair('RS256');
    for (const changes of [
      { key: foreign.privateKey },
      { header: { kid: undefined } },
      { header: { kid: 'unknown' } },
    ]) {
      expect((await requestToken(demo, await signAssertion(demo, changes))).status).toBe(400);
    }
    expect((await requestToken(demo, 'no-jwt')).status).toBe(400);
    const unsigned = `${Buffer.from('{"alg":"none","kid":"tool-key"}').toString('base64url')}.e30.`;
    expect((await requestToken(demo, unsigned)).status).toBe(400);
  });

  test('takes an assertion once', async () => {
    const assertion = await signAssertion(demo);
    expect((await requestToken(demo, assertion)).status).toBe(200);
    expect(await (await requestToken(demo, assertion)).json()).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringContaining('jti') as string,
    });
  });

  test('refuses unknown clients, scopes, grants and body types', async () => {
    const stranger = await signAssertion(demo, { claims: { iss: '1', sub: '1' } });
    expect((await requestToken(demo, stranger)).status).toBe(401);
    const scope = await requestToken(demo, await signAssertion(demo), {
      scope: `${allScopes.join(' ')} openid`,
    });
    expect(await scope.json()).toMatchObject({ error: 'invalid_scope' });
    const grant = await requestToken(demo, await signAssertion(demo), { grant_type: 'password' });
    expect(await grant.json()).toMatchObject({ error: 'unsupported_grant_type' });
    const json = await fetch(`${demo.url}/login/oauth2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(json.status).toBe(400);
  });

  test('gives nothing while the tool’s keys cannot be had', async () => {
    demo.tool.publish(null);
    const answer = await requestToken(demo, await signAssertion(demo));
    demo.tool.publish([demo.tool.publicJwk]);
    expect(answer.status).toBe(400);
  });

  test('a token ends after an hour, or when it is revoked', async () => {
    const token = await takeToken(demo);
    const url = '/api/lti/courses/101/names_and_roles';
    expect((await get(url, token)).status).toBe(200);
    await control(demo, 'clock', { offsetMs: 3_601_000 });
    const late = await get(url, token);
    await control(demo, 'clock', { offsetMs: 0 });
    expect(late.status).toBe(401);
    await control(demo, 'tokens/revoke', {});
    expect((await get(url, token)).status).toBe(401);
  });
});

describe('names and roles', () => {
  test('fifty a page, each person once, in the container type', async () => {
    const { members, pages } = await roster('', known.largeCourse);
    expect(pages).toEqual([...Array<number>(12).fill(50), 1]);
    expect(new Set(members.map((member) => member.user_id)).size).toBe(601);
    const token = await takeToken(demo);
    const answer = await get('/api/lti/courses/101/names_and_roles', token);
    expect(answer.headers.get('content-type')).toContain(
      'application/vnd.ims.lti-nrps.v2.membershipcontainer+json',
    );
  });

  test('limit lowers the page size and never raises it', async () => {
    expect((await roster('?limit=20')).pages).toEqual([20, 13]);
    expect((await roster('?limit=500', known.largeCourse)).pages[0]).toBe(50);
  });

  test('the next page keeps the filters', async () => {
    const { members } = await roster(`?limit=7&role=${encodeURIComponent(learner)}`);
    expect(members).toHaveLength(30);
    expect(members.every((member) => member.roles.includes(learner))).toBe(true);
  });

  test('a role is a full URI; an assistant is an Instructor, too', async () => {
    expect((await roster('?role=Learner')).members).toEqual([]);
    const { members } = await roster(`?role=${encodeURIComponent(instructor)}`);
    expect(members.map((member) => member.name)).toEqual(['Katharina Lindner', 'Tobias Ahrens']);
  });

  test('no sections; course roles only; one member for two enrolments', async () => {
    const { members } = await roster();
    const jose = members.filter((member) => member.family_name === 'Ñíguez García');
    expect(jose).toHaveLength(1);
    expect(JSON.stringify(members)).not.toMatch(/section|institution\/person|message/);
    expect(members.find((member) => member.name === 'Sukarno')?.family_name).toBe('');
    expect(members.every((member) => member.status === 'Active')).toBe(true);
  });

  test('rlid adds each member’s own variables; a foreign one is refused', async () => {
    const browser = new DemoBrowser(demo.url);
    await browser.signIn(known.teacher);
    const { claims } = await browser.launch(demo.tool);
    const link = claims['https://purl.imsglobal.org/spec/lti/claim/resource_link'] as { id: string };
    const { members } = await roster(`?rlid=${link.id}`);
    const lea = members.find((member) => member.name === 'Lea Sommer');
    expect(lea?.message?.[0]?.[customClaim]).toMatchObject({
      canvas_user_id: known.firstStudent,
      section_names: '["Gruppe A"]',
      // Not among the variables that Canvas expands per member.
      api_domain: '$Canvas.api.domain',
    });
    expect(lea?.message?.[0]?.[customClaim]).not.toHaveProperty('masquerader');
    const token = await takeToken(demo);
    expect((await get(`/api/lti/courses/102/names_and_roles?rlid=${link.id}`, token)).status).toBe(400);
  });

  test('only who is active is a member; members come, move and go', async () => {
    const { person } = await control<{ person: { id: number; sub: string } }>(demo, 'members', {
      courseId: 101,
      sectionId: 2101,
      given: 'Neu',
      family: 'Dabei',
    });
    const present = async (): Promise<boolean> =>
      (await roster()).members.some((member) => member.user_id === person.sub);
    const change = { courseId: 101, personId: person.id };
    expect(await present()).toBe(true);
    for (const state of ['invited', 'inactive', 'completed']) {
      await control(demo, 'members', { ...change, state }, 'PATCH');
      expect(await present()).toBe(false);
    }
    await control(demo, 'members', { ...change, state: 'active', sectionId: 2102 }, 'PATCH');
    expect(await present()).toBe(true);
    await control(demo, 'members', change, 'DELETE');
    expect(await present()).toBe(false);
  });

  test('the test student is a member once Student View was opened', async () => {
    const browser = new DemoBrowser(demo.url);
    await browser.signIn(known.otherTeacher);
    const testUsers = async (): Promise<number> =>
      (await roster('', known.otherCourse)).members.filter((member) =>
        member.roles.includes('http://purl.imsglobal.org/vocab/lti/system/person#TestUser'),
      ).length;
    expect(await testUsers()).toBe(0);
    await browser.post('/courses/102/student_view', {});
    expect(await testUsers()).toBe(1);
  });

  test('refuses without token, with a wrong one, without the scope, for no course', async () => {
    const url = '/api/lti/courses/101/names_and_roles';
    expect((await get(url)).status).toBe(401);
    expect((await get(url, 'wrong')).status).toBe(401);
    expect((await get(url, sampleApiToken)).status).toBe(401);
    const gradesOnly = allScopes.filter((scope) => !nrpsOnly.includes(scope));
    const refused = await get(url, await takeToken(demo, gradesOnly));
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({
      errors: { type: 'unauthorized', message: 'Insufficient permissions' },
    });
    expect((await get('/api/lti/courses/999/names_and_roles', await takeToken(demo))).status).toBe(404);
  });
});

describe('line items and scores', () => {
  const itemType = 'application/vnd.ims.lis.v2.lineitem+json';
  const scoreType = 'application/vnd.ims.lis.v1.score+json';
  const lineItems = '/api/lti/courses/101/line_items';

  async function makeItem(token: string, more: Record<string, unknown> = {}): Promise<string> {
    const body = {
      label: 'Anwesenheit',
      scoreMaximum: 100,
      resourceId: 'course',
      tag: crypto.randomUUID(),
      ...more,
    };
    const answer = await send('POST', lineItems, token, body, itemType);
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  }

  const aScore = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    userId: String(known.firstStudent),
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    timestamp: new Date().toISOString(),
    scoreGiven: 91,
    scoreMaximum: 100,
    ...more,
  });

  async function resultOf(item: string, token: string): Promise<number | null | undefined> {
    const answer = await get(`${item}/results?user_id=${String(known.firstStudent)}`, token);
    const results = (await answer.json()) as { resultScore: number | null }[];
    return results[0]?.resultScore;
  }

  test('are made, found by resource and tag, changed and deleted', async () => {
    const token = await takeToken(demo);
    const id = await makeItem(token, { tag: 'rate', resourceId: 'r-1' });
    await makeItem(token, { tag: 'other', resourceId: 'r-1' });
    const found = await get(`${lineItems}?resource_id=r-1&tag=rate`, token);
    expect(found.headers.get('content-type')).toContain('lineitemcontainer+json');
    expect(await found.json()).toMatchObject([{ id, label: 'Anwesenheit', scoreMaximum: 100 }]);
    const changed = await send('PUT', id, token, { label: 'Neu', scoreMaximum: 50 }, itemType);
    expect(await changed.json()).toMatchObject({ label: 'Neu', scoreMaximum: 50, tag: 'rate' });
    expect((await send('DELETE', id, token, {}, itemType)).status).toBe(204);
    expect((await get(id, token)).status).toBe(404);
  });

  test('of a navigation launch hang on no resource link, and need label and maximum', async () => {
    const token = await takeToken(demo);
    const withLink = { label: 'x', scoreMaximum: 1, resourceLinkId: 'the-course' };
    expect((await send('POST', lineItems, token, withLink, itemType)).status).toBe(404);
    expect((await send('POST', lineItems, token, { label: 'x' }, itemType)).status).toBe(400);
    expect((await send('POST', lineItems, token, { scoreMaximum: 1 }, itemType)).status).toBe(400);
    const readOnly = await takeToken(demo, [
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
    ]);
    expect((await send('POST', lineItems, readOnly, { label: 'x', scoreMaximum: 1 }, itemType)).status).toBe(
      401,
    );
    expect((await get(lineItems, readOnly)).status).toBe(200);
  });

  test('are seen by their own client alone; an assignment’s own item cannot be deleted', async () => {
    const id = await makeItem(await takeToken(demo));
    const other = await signAssertion(demo, { claims: { iss: secondClientId, sub: secondClientId } });
    const token = ((await (await requestToken(demo, other)).json()) as { access_token: string }).access_token;
    expect((await get(id, token)).status).toBe(404);
    expect(await (await get(lineItems, token)).json()).toEqual([]);
    const coupled = await control<{ id: number; clientId: string }>(demo, 'line-items', {
      courseId: 101,
      label: 'Hausarbeit',
      scoreMaximum: 10,
    });
    expect(coupled.clientId).toBe(clientId);
    const refused = await send(
      'DELETE',
      `${lineItems}/${String(coupled.id)}`,
      await takeToken(demo),
      {},
      itemType,
    );
    expect(refused.status).toBe(401);
  });

  test('a score is scaled to the line item and read back', async () => {
    const token = await takeToken(demo);
    const item = await makeItem(token, { scoreMaximum: 50 });
    const answer = await send('POST', `${item}/scores`, token, aScore(), scoreType);
    expect(answer.status).toBe(200);
    const { resultUrl } = (await answer.json()) as { resultUrl: string };
    expect(await (await get(resultUrl, token)).json()).toMatchObject({
      resultScore: 45.5,
      resultMaximum: 50,
    });
  });

  test.each([
    ['a person who is no student here', { userId: String(known.teacher) }, 422],
    ['a person of another course', { userId: '1201' }, 422],
    ['an unknown person', { userId: 'nobody' }, 422],
    ['a negative score', { scoreGiven: -1 }, 422],
    ['no maximum', { scoreMaximum: undefined }, 422],
    ['a maximum of nothing', { scoreMaximum: 0 }, 422],
    ['a time that is none', { timestamp: 'yesterday' }, 400],
    ['a time without zone', { timestamp: '2026-11-23T10:00:00' }, 400],
    ['no time', { timestamp: undefined }, 400],
    ['an unknown progress', { gradingProgress: 'Done' }, 400],
    ['a submission in the future', { submittedAt: new Date(Date.now() + 600_000).toISOString() }, 400],
  ])('refuses a score with %s', async (_what, change, status) => {
    const token = await takeToken(demo);
    const item = await makeItem(token);
    const answer = await send('POST', `${item}/scores`, token, aScore(change), scoreType);
    expect(answer.status).toBe(status);
    expect(await resultOf(item, token)).toBeUndefined();
  });

  test('an older score does not replace a newer one', async () => {
    const token = await takeToken(demo);
    const item = await makeItem(token);
    await send('POST', `${item}/scores`, token, aScore(), scoreType);
    const older = aScore({ timestamp: new Date(Date.now() - 60_000).toISOString(), scoreGiven: 1 });
    expect((await send('POST', `${item}/scores`, token, older, scoreType)).status).toBe(400);
    expect(await resultOf(item, token)).toBe(91);
  });

  test('an ungraded score clears the grade, unless it is to be preserved', async () => {
    const submission = 'https://canvas.instructure.com/lti/submission';
    const token = await takeToken(demo);
    const item = await makeItem(token);
    const post = async (more: Record<string, unknown>): Promise<void> => {
      expect((await send('POST', `${item}/scores`, token, aScore(more), scoreType)).status).toBe(200);
    };
    await post({});
    await post({ scoreGiven: undefined, [submission]: { preserve_score: true } });
    expect(await resultOf(item, token)).toBe(91);
    // What the tool itself wrote counts as existing, too: a later update vanishes.
    await post({ scoreGiven: 50, [submission]: { prioritize_non_tool_grade: true } });
    expect(await resultOf(item, token)).toBe(91);
    await post({ gradingProgress: 'Pending' });
    expect(await resultOf(item, token)).toBeNull();
    await post({ [submission]: { new_submission: false } });
    const { results } = await control<{ results: { lineItemId: number; attempts: number }[] }>(
      demo,
      'grades',
      undefined,
      'GET',
    );
    expect(results.find((one) => item.endsWith(`/${String(one.lineItemId)}`))?.attempts).toBe(4);
  });

  test('a concluded course takes no scores, a deleted item is gone', async () => {
    const token = await takeToken(demo);
    const item = await makeItem(token);
    await control(demo, 'courses/101/state', { state: 'completed' });
    const concluded = await send('POST', `${item}/scores`, token, aScore(), scoreType);
    await control(demo, 'courses/101/state', { state: 'available' });
    expect(concluded.status).toBe(422);
    await control(demo, 'line-items', { id: Number(item.split('/').at(-1)), delete: true }, 'PATCH');
    expect((await send('POST', `${item}/scores`, token, aScore(), scoreType)).status).toBe(404);
  });
});

describe('the REST interface', () => {
  const enrollments = '/api/v1/courses/101/enrollments';

  test('ten a page by default, a hundred at most, a row per section', async () => {
    const first = await get(`${enrollments}?type[]=StudentEnrollment`, sampleApiToken);
    expect((await first.json()) as unknown[]).toHaveLength(10);
    expect(nextOf(first)).toContain('type%5B%5D=StudentEnrollment');
    const large = await get('/api/v1/courses/103/enrollments?per_page=500', sampleApiToken);
    expect((await large.json()) as unknown[]).toHaveLength(100);
    let url: string | undefined = `${demo.url}${enrollments}?type[]=StudentEnrollment&per_page=20`;
    const rows: { user_id: number; course_section_id: number; user: { sortable_name: string } }[] = [];
    while (url !== undefined) {
      const answer = await get(url, sampleApiToken);
      rows.push(...((await answer.json()) as typeof rows));
      url = nextOf(answer);
    }
    expect(rows).toHaveLength(31);
    expect(rows.filter((row) => row.user_id === 1113).map((row) => row.course_section_id)).toEqual([
      2101, 2102,
    ]);
  });

  test('is opened by its own token only', async () => {
    expect((await get(enrollments)).status).toBe(401);
    expect((await get(enrollments, 'wrong')).status).toBe(401);
    expect((await get(enrollments, await takeToken(demo))).status).toBe(401);
    expect((await get('/api/v1/courses/999/enrollments', sampleApiToken)).status).toBe(404);
  });

  test.each([403, 429] as const)('throttles with %i, body and header', async (status) => {
    await control(demo, 'throttle', { calls: 1, answer: status });
    const refused = await get(enrollments, sampleApiToken);
    expect(refused.status).toBe(status);
    expect(await refused.text()).toContain('Rate Limit Exceeded');
    expect(refused.headers.get('x-rate-limit-remaining')).toBe('0.0');
    const fine = await get(enrollments, sampleApiToken);
    expect(fine.status).toBe(200);
    expect(Number(fine.headers.get('x-request-cost'))).toBeGreaterThan(0);
  });

  test('more than twelve calls at once fill the bucket, each key its own', () => {
    const throttle = new Throttle();
    const turns = Array.from({ length: 13 }, () => throttle.begin('one key'));
    expect(turns.filter((turn) => turn.allowed)).toHaveLength(12);
    expect(throttle.begin('another key').allowed).toBe(true);
    turns[0]?.done();
    turns[1]?.done();
    expect(throttle.begin('one key').allowed).toBe(true);
  });
});

test('control is not there unless it was asked for', async () => {
  const plain = await startDemoForTest({ control: false });
  try {
    const answer = await fetch(`${plain.url}/demo/control/rotate-keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
  } finally {
    await plain.close();
  }
});
