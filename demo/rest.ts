import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Enrollment, Person } from './people.ts';
import type { Platform } from './platform.ts';
import { readBookmark, slicePage, throttled } from './service-access.ts';

const defaultPageSize = 10;
const largestPageSize = 100;
const roleIds: Record<Enrollment['type'], number> = {
  StudentEnrollment: 3,
  TeacherEnrollment: 4,
  TaEnrollment: 5,
  DesignerEnrollment: 6,
  ObserverEnrollment: 7,
  StudentViewEnrollment: 3,
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Canvas' own REST interface, as far as rosters need it. A token of the LTI services opens nothing here. */
export function restRoutes(platform: Platform): Hono {
  const routes = new Hono();
  const tokenAccess = createMiddleware(async (c, next) => {
    const text = /^Bearer +(\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    if (text === undefined) {
      return c.json({ status: 'unauthenticated', errors: [{ message: 'user authorization required' }] }, 401);
    }
    if (!timingSafeEqual(digest(text), digest(platform.apiToken))) {
      c.header('WWW-Authenticate', 'Bearer realm="canvas-lms"');
      return c.json({ errors: [{ message: 'Invalid access token.' }] }, 401);
    }
    return next();
  });
  const notFound = { errors: [{ message: 'The specified resource does not exist.' }] };

  routes.get('/api/v1/courses/:courseId/enrollments', throttled(platform), tokenAccess, (c) => {
    const course = platform.roster.course(Number(c.req.param('courseId')));
    if (course === undefined) return c.json(notFound, 404);
    const query = new URL(c.req.url).searchParams;
    const types = query.getAll('type[]');
    const states = query.getAll('state[]');
    const shownStates = states.length > 0 ? states : ['active', 'invited'];
    const offset = readBookmark(query.get('page') ?? undefined);
    if (offset === undefined) return c.json({ errors: [{ message: 'page is invalid' }] }, 400);
    const rows = platform.roster
      .enrollmentsIn(course.id)
      .filter((one) => (types.length === 0 || types.includes(one.type)) && shownStates.includes(one.state));
    const page = slicePage(rows, addressOf(platform, c.req.url), offset, pageSizeOf(query));
    c.header('Link', page.link);
    const include = query.getAll('include[]');
    return c.json(
      page.items.map((one) => {
        const person = platform.roster.person(one.personId);
        return {
          ...showEnrollment(platform, one),
          user: {
            ...showUser(person),
            ...(include.includes('uuid') ? { uuid: person?.sub ?? null } : {}),
          },
        };
      }),
    );
  });

  /** Each person once, with what they are in the course. The test student is shown where it is asked for. */
  routes.get('/api/v1/courses/:courseId/users', throttled(platform), tokenAccess, (c) => {
    const course = platform.roster.course(Number(c.req.param('courseId')));
    if (course === undefined) return c.json(notFound, 404);
    const query = new URL(c.req.url).searchParams;
    const include = query.getAll('include[]');
    const states = query.getAll('enrollment_state[]');
    const shownStates = states.length > 0 ? states : ['active', 'invited'];
    const offset = readBookmark(query.get('page') ?? undefined);
    if (offset === undefined) return c.json({ errors: [{ message: 'page is invalid' }] }, 400);
    const shown = platform.roster
      .enrollmentsIn(course.id)
      .filter(
        (one) =>
          shownStates.includes(one.state) &&
          (include.includes('test_student') || one.type !== 'StudentViewEnrollment'),
      );
    const people = [...new Set(shown.map((one) => one.personId))]
      .flatMap((id) => platform.roster.person(id) ?? [])
      .sort((a, b) => (a.sortableName < b.sortableName ? -1 : 1));
    const page = slicePage(people, addressOf(platform, c.req.url), offset, pageSizeOf(query));
    c.header('Link', page.link);
    return c.json(
      page.items.map((person) => ({
        ...showUser(person),
        ...(include.includes('email') ? { email: person.email } : {}),
        ...(include.includes('enrollments')
          ? {
              enrollments: platform.roster
                .enrollmentsOf(person.id, course.id)
                .map((one) => showEnrollment(platform, one)),
            }
          : {}),
      })),
    );
  });

  /** By the number, or by what the services of LTI call the person: `lti_1_3_id:…`. */
  routes.get('/api/v1/users/:userId', throttled(platform), tokenAccess, (c) => {
    const [, kind, id] = /^(?:(lti_1_3_id):)?(.+)$/.exec(c.req.param('userId')) ?? [];
    const person =
      kind === undefined
        ? platform.roster.person(Number(id))
        : platform.roster.people().find((one) => one.sub === id);
    return person === undefined ? c.json(notFound, 404) : c.json(showUser(person));
  });

  routes.get('/api/v1/courses/:courseId/sections', throttled(platform), tokenAccess, (c) => {
    const course = platform.roster.course(Number(c.req.param('courseId')));
    if (course === undefined) return c.json(notFound, 404);
    const sections = platform.roster.sectionsOf(course.id).map((section) => ({
      id: section.id,
      course_id: section.courseId,
      name: section.name,
      sis_section_id: section.sisId,
    }));
    return c.json(sections);
  });
  return routes;
}

function pageSizeOf(query: URLSearchParams): number {
  const asked = Number(query.get('per_page') ?? defaultPageSize);
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, largestPageSize) : defaultPageSize;
}

/** Where the platform itself says that a request went: what it links to. */
function addressOf(platform: Platform, asked: string): URL {
  const { pathname, search } = new URL(asked);
  return new URL(`${platform.identity.issuer}${pathname}${search}`);
}

function showUser(person: Person | undefined) {
  return {
    id: person?.id ?? 0,
    name: person?.name ?? '',
    sortable_name: person?.sortableName ?? '',
    short_name: person?.name ?? '',
    sis_user_id: person?.sisId ?? null,
    login_id: person?.loginId ?? null,
  };
}

function showEnrollment(platform: Platform, one: Enrollment) {
  const person = platform.roster.person(one.personId);
  const section = platform.roster.section(one.sectionId);
  return {
    id: one.id,
    user_id: one.personId,
    course_id: one.courseId,
    course_section_id: one.sectionId,
    sis_section_id: section?.sisId ?? null,
    sis_course_id: platform.roster.course(one.courseId)?.sisId ?? null,
    root_account_id: 1,
    type: one.type,
    role: one.type,
    role_id: roleIds[one.type],
    enrollment_state: one.state,
    associated_user_id: one.observes,
    limit_privileges_to_course_section: false,
    sis_user_id: person?.sisId ?? null,
  };
}
