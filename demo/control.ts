import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { nextLaunch } from './launch-changes.ts';
import { addCoupledLineItem, removeLineItem } from './line-items.ts';
import { known } from './people.ts';
import type { Platform } from './platform.ts';
import { inviteToRegister } from './registration.ts';

const enrollmentType = z.enum([
  'StudentEnrollment',
  'TeacherEnrollment',
  'TaEnrollment',
  'DesignerEnrollment',
  'ObserverEnrollment',
  'StudentViewEnrollment',
]);
const enrollmentState = z.enum(['active', 'invited', 'inactive', 'completed']);
const privacy = z.enum(['public', 'name_only', 'email_only', 'anonymous']);

const addMember = z.object({
  courseId: z.number(),
  sectionId: z.number(),
  /** Somebody who is here already, or else a new person. */
  personId: z.number().optional(),
  given: z.string().default('Neu'),
  family: z.string().default('Dazugekommen'),
  type: enrollmentType.default('StudentEnrollment'),
  state: enrollmentState.default('active'),
});
const changeMember = z.object({
  courseId: z.number(),
  personId: z.number(),
  /** Moves all enrolments of the person in the course to this section. */
  sectionId: z.number().optional(),
  state: enrollmentState.optional(),
});
const changePerson = z.object({
  personId: z.number(),
  given: z.string().optional(),
  family: z.string().optional(),
  email: z.string().optional(),
  sisId: z.string().nullable().optional(),
  locale: z.enum(['de', 'en']).optional(),
  privacy: privacy.nullable().optional(),
});
const throttle = z.object({
  calls: z.number().int().min(0),
  answer: z.union([z.literal(403), z.literal(429)]).default(403),
});
const changeLineItem = z.object({
  id: z.number(),
  label: z.string().optional(),
  scoreMaximum: z.number().optional(),
  delete: z.boolean().default(false),
});

/**
 * The hand that a test puts into the platform. Served only when the demo was started with control, because
 * whoever reaches these routes can make the platform say anything.
 */
export function controlRoutes(platform: Platform): Hono {
  const routes = new Hono();
  const { roster, file } = platform;

  // A page of another site can send a form here, but never this content type without asking first.
  routes.use('/demo/control/*', async (c, next) => {
    if (c.req.method !== 'GET' && !(c.req.header('content-type') ?? '').startsWith('application/json')) {
      return c.json({ error: 'send application/json' }, 415);
    }
    return next();
  });

  routes.post('/demo/control/members', async (c) => {
    const body = await read(c, addMember);
    const person =
      body.personId === undefined
        ? roster.addPerson(body.given, body.family, 'de')
        : roster.person(body.personId);
    const section = roster.section(body.sectionId);
    if (person === undefined || section?.courseId !== body.courseId)
      return c.json({ error: 'not found' }, 404);
    const enrollment = roster.enroll(person.id, section.id, body.type, body.state);
    return c.json({ person, enrollment }, 201);
  });

  routes.patch('/demo/control/members', async (c) => {
    const body = await read(c, changeMember);
    const found = roster.enrollmentsOf(body.personId, body.courseId);
    const section = body.sectionId === undefined ? undefined : roster.section(body.sectionId);
    if (found.length === 0 || (body.sectionId !== undefined && section?.courseId !== body.courseId)) {
      return c.json({ error: 'not found' }, 404);
    }
    for (const one of found) {
      roster.putEnrollment({
        ...one,
        sectionId: section?.id ?? one.sectionId,
        state: body.state ?? one.state,
      });
    }
    return c.json({ enrollments: roster.enrollmentsOf(body.personId, body.courseId) });
  });

  routes.delete('/demo/control/members', async (c) => {
    const body = await read(c, z.object({ courseId: z.number(), personId: z.number() }));
    return c.json({ removed: roster.removeFromCourse(body.personId, body.courseId) });
  });

  routes.patch('/demo/control/people', async (c) => {
    const { personId, given, family, ...changed } = await read(c, changePerson);
    const person = roster.person(personId);
    if (person === undefined) return c.json({ error: 'not found' }, 404);
    const givenName = given ?? person.givenName;
    const familyName = family ?? person.familyName;
    roster.putPerson({
      ...person,
      ...changed,
      givenName,
      familyName,
      name: [givenName, familyName].filter((part) => part !== '').join(' '),
      sortableName: familyName === '' ? givenName : `${familyName}, ${givenName}`,
    });
    return c.json({ person: roster.person(personId) });
  });

  routes.get('/demo/control/courses/:courseId', (c) => {
    const course = roster.course(Number(c.req.param('courseId')));
    if (course === undefined) return c.json({ error: 'not found' }, 404);
    const enrollments = roster.enrollmentsIn(course.id);
    const ids = [...new Set(enrollments.map((one) => one.personId))];
    return c.json({
      course,
      sections: roster.sectionsOf(course.id),
      enrollments,
      people: ids.flatMap((id) => roster.person(id) ?? []),
    });
  });

  routes.post('/demo/control/courses/:courseId/state', async (c) => {
    const { state } = await read(c, z.object({ state: z.enum(['available', 'created', 'completed']) }));
    roster.setCourseState(Number(c.req.param('courseId')), state);
    return c.json({ state });
  });

  routes.post('/demo/control/courses/:courseId/public', async (c) => {
    const body = await read(c, z.object({ public: z.boolean() }));
    roster.setCoursePublic(Number(c.req.param('courseId')), body.public);
    return c.json(body);
  });

  // What an administrator does on the pages of the account.
  routes.post('/demo/control/registration-token', async (c) => {
    const admin = roster.person(known.admin);
    if (admin === undefined) return c.json({ error: 'not found' }, 404);
    const { uuid, configurationUrl, token } = await inviteToRegister(platform, admin);
    return c.json({ uuid, openid_configuration: configurationUrl, registration_token: token });
  });
  routes.get('/demo/control/apps', (c) => c.json({ apps: file.state.apps }));
  routes.post('/demo/control/apps/:clientId/:what{install|remove}', (c) => {
    const app = file.state.apps.find((one) => one.key.clientId === c.req.param('clientId'));
    if (app === undefined) return c.json({ error: 'not found' }, 404);
    if (c.req.param('what') === 'install') platform.tools.install(app);
    else platform.tools.remove(app);
    return c.json({ app });
  });
  // No page does this: a test that registered an app leaves the platform as it found it.
  routes.delete('/demo/control/apps/:clientId', (c) => {
    const client = c.req.param('clientId');
    file.state.apps = file.state.apps.filter((one) => one.key.clientId !== client);
    file.state.moduleItems = file.state.moduleItems.filter((one) => one.clientId !== client);
    file.save();
    return c.json({ apps: file.state.apps });
  });
  routes.get('/demo/control/modules/:courseId', (c) => {
    const courseId = Number(c.req.param('courseId'));
    return c.json({ items: file.state.moduleItems.filter((one) => one.courseId === courseId) });
  });

  routes.post('/demo/control/rotate-keys', async (c) =>
    c.json({ kid: await platform.keys.rotate(platform.now()) }),
  );

  routes.post('/demo/control/throttle', async (c) => {
    const { calls, answer } = await read(c, throttle);
    platform.throttle.forced = calls;
    platform.throttle.answer = answer;
    return c.json({ calls, answer });
  });

  routes.post('/demo/control/next-launch', async (c) => {
    platform.nextLaunches.push(await read(c, nextLaunch));
    return c.json({ waiting: platform.nextLaunches.length });
  });
  routes.delete('/demo/control/next-launch', (c) => {
    platform.nextLaunches.length = 0;
    return c.json({ waiting: 0 });
  });

  routes.post('/demo/control/privacy', async (c) => {
    const body = await read(c, z.object({ privacy }));
    file.state.privacy = body.privacy;
    file.save();
    return c.json(body);
  });

  routes.post('/demo/control/clients', async (c) => {
    const body = await read(c, z.object({ clientId: z.string(), active: z.boolean() }));
    if (body.active) platform.tools.switchedOff.delete(body.clientId);
    else platform.tools.switchedOff.add(body.clientId);
    return c.json(body);
  });

  routes.post('/demo/control/clock', async (c) => {
    const { offsetMs } = await read(c, z.object({ offsetMs: z.number() }));
    platform.setClockOffset(offsetMs);
    return c.json({ now: platform.now().toISOString() });
  });

  routes.post('/demo/control/tokens/revoke', (c) => {
    platform.tokens.revokeAll();
    return c.json({});
  });

  routes.get('/demo/control/grades', (c) => {
    const { lineItems, results, receivedScores } = file.state;
    return c.json({ lineItems, results, receivedScores });
  });
  // What a teacher does to the gradebook behind the tool's back.
  routes.post('/demo/control/line-items', async (c) => {
    const body = await read(
      c,
      z.object({ courseId: z.number(), label: z.string(), scoreMaximum: z.number() }),
    );
    const course = roster.course(body.courseId);
    if (course === undefined) return c.json({ error: 'not found' }, 404);
    return c.json(addCoupledLineItem(platform, course, body.label, body.scoreMaximum), 201);
  });
  routes.patch('/demo/control/line-items', async (c) => {
    const body = await read(c, changeLineItem);
    const item = file.state.lineItems.find((one) => one.id === body.id);
    if (item === undefined) return c.json({ error: 'not found' }, 404);
    if (body.delete) return c.json({ deleted: removeLineItem(platform, item.id) });
    item.label = body.label ?? item.label;
    item.scoreMaximum = body.scoreMaximum ?? item.scoreMaximum;
    file.save();
    return c.json(item);
  });

  routes.onError((error, c) => {
    if (error instanceof z.ZodError || error instanceof SyntaxError)
      return c.json({ error: error.message }, 400);
    throw error;
  });
  return routes;
}

async function read<S extends z.ZodType>(c: Context, shape: S): Promise<z.output<S>> {
  return shape.parse(await c.req.json());
}
