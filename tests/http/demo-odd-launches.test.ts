import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientId } from '../../demo/identity.ts';
import { known } from '../../demo/people.ts';
import type { DemoUnderTest } from '../support/demo-browser.ts';
import { control, DemoBrowser, readForm, startDemoForTest } from '../support/demo-browser.ts';

// What Canvas really sends beside the launches of people in courses.

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
const lis = 'http://purl.imsglobal.org/vocab/lis/v2';
const toolPath = '/courses/102/external_tools/5';

let demo: DemoUnderTest;
beforeAll(async () => {
  demo = await startDemoForTest();
});
afterAll(() => demo.close());

async function signedIn(person: number): Promise<DemoBrowser> {
  const browser = new DemoBrowser(demo.url);
  await browser.signIn(person);
  return browser;
}

describe('a public course', () => {
  test('is made so by those who teach it', async () => {
    const visitor = new DemoBrowser(demo.url);
    expect((await visitor.get('/courses/102')).status).toBe(302);
    const student = await signedIn(1201);
    expect((await student.post('/courses/102/visibility', { public: 'yes' })).status).toBe(403);
    const teacher = await signedIn(known.otherTeacher);
    await teacher.post('/courses/102/visibility', { public: 'yes' });
    expect((await visitor.get('/courses/102')).status).toBe(200);
    await teacher.post('/courses/102/visibility', { public: 'no' });
    expect((await visitor.get('/courses/102')).status).toBe(302);
  });

  test('launches a visitor as nobody', async () => {
    await control(demo, 'courses/102/public', { public: true });
    const visitor = new DemoBrowser(demo.url);
    const { claims } = await visitor.launch(demo.tool, toolPath);
    expect(claims).toMatchObject({
      aud: clientId,
      [claim('roles')]: [`${lis}/system/person#None`],
      [claim('context')]: { label: 'COM-26' },
      [claim('custom')]: {
        canvas_course_id: 102,
        canvas_user_id: '$Canvas.user.id',
        section_ids: '$Canvas.course.sectionIds',
        tz: '$Person.address.timezone',
      },
    });
    const personal = ['sub', 'name', 'given_name', 'family_name', 'email', 'picture'];
    for (const name of [...personal, claim('lis')]) expect(claims).not.toHaveProperty([name]);
  });

  test('shows a visitor neither people nor grades, and lets nobody in by another’s launch', async () => {
    const visitor = new DemoBrowser(demo.url);
    for (const place of ['users', 'grades']) {
      expect((await visitor.get(`/courses/102/${place}`)).headers.get('location')).toContain('/login');
    }
    expect((await visitor.get('/courses/102/modules')).status).toBe(200);
    expect((await visitor.get('/courses/101')).status).toBe(302);
    const login = await visitor.openTool(toolPath);
    const refused = await (await signedIn(known.otherTeacher)).authorize(demo.tool, login);
    expect(readForm(await refused.text()).fields.error).toBe('login_required');
    const person = await (await signedIn(1201)).openTool(toolPath);
    const forged = await visitor.authorize(demo.tool, { ...person, login_hint: login.login_hint ?? '' });
    expect(readForm(await forged.text()).fields.error).toBe('unauthorized_client');
  });

  test('launches who is signed in but not enrolled as themselves, without a role in the course', async () => {
    const { claims } = await (await signedIn(known.teacher)).launch(demo.tool, toolPath);
    expect(claims.name).toBe('Katharina Lindner');
    expect(JSON.stringify(claims[claim('roles')])).not.toContain('membership');
    expect((await (await signedIn(known.teacher)).get('/courses/102/users')).status).toBe(403);
  });
});

describe('the account', () => {
  test('launches an administrator without a course', async () => {
    const browser = await signedIn(known.admin);
    expect(await (await browser.get('/accounts/1/apps')).text()).toContain('/accounts/1/external_tools/5');
    const { claims } = await browser.launch(demo.tool, '/accounts/1/external_tools/5');
    expect(claims).toMatchObject({
      sub: expect.any(String) as string,
      name: 'Renate Vogelsang',
      [claim('message_type')]: 'LtiResourceLinkRequest',
      [claim('target_link_uri')]: `${demo.tool.url}/lti/launch`,
      [claim('resource_link')]: { id: expect.stringMatching(/^[0-9a-f]{40}$/) as string },
      [claim('roles')]: [`${lis}/institution/person#Administrator`, `${lis}/system/person#User`],
      [claim('custom')]: { canvas_course_id: '$Canvas.course.id', canvas_user_id: known.admin },
      'https://www.instructure.com/placement': 'account_navigation',
    });
    const ofCourses = [
      claim('context'),
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
    ];
    for (const name of ofCourses) expect(claims).not.toHaveProperty([name]);
    const { return_url } = claims[claim('launch_presentation')] as { return_url: string };
    expect((await browser.get(new URL(return_url).pathname)).headers.get('location')).toBe(
      '/accounts/1/apps',
    );
  });
});
