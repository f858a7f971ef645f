import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Enrollment } from './people.ts';
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
    const asked = Number(query.get('per_page') ?? defaultPageSize);
    const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, largestPageSize) : defaultPageSize;
    const address = new URL(`${platform.identity.issuer}${new URL(c.req.url).pathname}`);
    address.search = query.toString();
    const page = slicePage(rows, address, offset, size);
    c.header('Link', page.link);
    return c.json(page.items.map((one) => showEnrollment(platform, one, query.getAll('include[]'))));
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

function showEnrollment(platform: Platform, one: Enrollment, include: readonly string[]) {
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
    user: {
      id: one.personId,
      name: person?.name ?? '',
      sortable_name: person?.sortableName ?? '',
      short_name: person?.name ?? '',
      sis_user_id: person?.sisId ?? null,
      login_id: person?.loginId ?? null,
      ...(include.includes('uuid') ? { uuid: person?.sub ?? null } : {}),
    },
  };
}
