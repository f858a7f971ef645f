import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { identifier } from './identifier.ts';
import { looseText } from './loose-text.ts';
import { parseJson } from './parse-json.ts';
import type { ServiceClient, TokenHolder } from './service-client.ts';

const pageSize = '100';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const testUser = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';
/** What Canvas itself says for each kind of enrolment in its LTI services. */
const rolesOfEnrollment: ReadonlyMap<string, readonly string[]> = new Map([
  ['StudentEnrollment', [`${membership}#Learner`]],
  ['TeacherEnrollment', [`${membership}#Instructor`]],
  ['TaEnrollment', [`${membership}/Instructor#TeachingAssistant`, `${membership}#Instructor`]],
  ['DesignerEnrollment', [`${membership}#ContentDeveloper`]],
  ['ObserverEnrollment', [`${membership}#Mentor`]],
  ['StudentViewEnrollment', [`${membership}#Learner`, testUser]],
]);

const sectionList = z.array(z.object({ id: identifier, name: looseText })).max(1_000);
const userList = z
  .array(
    z.object({
      id: identifier,
      name: looseText,
      sortable_name: looseText,
      email: looseText,
      sis_user_id: looseText,
      enrollments: z.array(
        z.object({ type: z.string(), enrollment_state: z.string(), course_section_id: identifier }),
      ),
    }),
  )
  .max(1_000);

/** A user of a course as Canvas' own interface lists them, with what they are there today. */
export interface CanvasUser {
  canvasUserId: string;
  name?: string;
  givenName?: string;
  familyName?: string;
  email?: string;
  sisId?: string;
  /** As the services of LTI would name them. */
  roles: string[];
  sections: { platformSectionId: string; name: string }[];
}

/**
 * Reads the users of a Canvas course page by page (Canvas REST API, `GET /api/v1/courses/:id/users`), each once with
 * all their sections. It knows no `sub`: people are told by their number.
 *
 * @throws AppError as `ServiceClient.readPages`
 */
export async function* readCanvasUsers(
  services: ServiceClient,
  caller: TokenHolder,
  canvasCourseId: string,
): AsyncGenerator<CanvasUser[]> {
  const course = `${caller.origin}/api/v1/courses/${encodeURIComponent(canvasCourseId)}`;
  const nameOfSection = new Map<string, string>();
  const sections = await listAll(services, caller, `${course}/sections?per_page=${pageSize}`, sectionList);
  for (const { id, name } of sections) nameOfSection.set(id, name ?? id);
  const users = new URL(`${course}/users`);
  users.searchParams.append('include[]', 'enrollments');
  users.searchParams.append('include[]', 'email');
  users.searchParams.append('include[]', 'test_student');
  users.searchParams.append('enrollment_state[]', 'active');
  users.searchParams.append('per_page', pageSize);
  for await (const page of services.readPages(caller, request(users.href))) {
    yield read(page.body, userList).map((user) => userOf(user, nameOfSection));
  }
}

/**
 * The number of the user whom the services of LTI know by this `sub` (Canvas' doc/api/object_ids).
 *
 * @returns undefined where Canvas knows nobody so, or does not tell
 * @throws AppError as `ServiceClient.call`
 */
export async function findCanvasUserId(
  services: ServiceClient,
  caller: TokenHolder,
  sub: string,
): Promise<string | undefined> {
  const url = `${caller.origin}/api/v1/users/lti_1_3_id:${encodeURIComponent(sub)}`;
  const answer = await services.call(caller, { ...request(url), expected: [400, 403, 404] });
  return z.object({ id: identifier }).safeParse(parseJson(answer.body)).data?.id;
}

function userOf(
  user: z.output<typeof userList>[number],
  nameOfSection: ReadonlyMap<string, string>,
): CanvasUser {
  const active = user.enrollments.filter((one) => one.enrollment_state === 'active');
  const [familyName, givenName] = user.sortable_name?.split(/,\s*/, 2) ?? [];
  return {
    canvasUserId: user.id,
    name: user.name,
    // "Beispiel, Anna"; a name without a comma is not taken apart.
    ...(givenName === undefined ? {} : { givenName, familyName }),
    email: user.email,
    sisId: user.sis_user_id,
    roles: [...new Set(active.flatMap((one) => rolesOfEnrollment.get(one.type) ?? []))],
    sections: [...new Set(active.map((one) => one.course_section_id))].map((id) => ({
      platformSectionId: id,
      name: nameOfSection.get(id) ?? id,
    })),
  };
}

async function listAll<T>(
  services: ServiceClient,
  caller: TokenHolder,
  url: string,
  shape: z.ZodType<T[]>,
): Promise<T[]> {
  const all: T[] = [];
  for await (const page of services.readPages(caller, request(url))) all.push(...read(page.body, shape));
  return all;
}

const request = (url: string) => ({ url, scopes: [], at: 'members', maxBytes: 8_388_608 });

function read<T>(body: string, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(parseJson(body));
  // Without what is wrong: that quotes the list.
  if (!parsed.success) throw new AppError('platform-answer', { at: 'members', reason: 'unreadable' });
  return parsed.data;
}
