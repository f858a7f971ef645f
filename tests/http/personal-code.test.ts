import { beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { attendanceRecords, auditEvents, checkIns } from '#lib/db/schema.ts';
import { showMyCode } from '#lib/helping/show-my-code.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { GET, POST } from '../../app/h/[code]/route.ts';
import { config } from '../../middleware.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

const tool = useTestProcess();
let course: Awaited<ReturnType<typeof seedCourse>>;
let anna: SeededMember;
let teacher: SeededMember;
let meetingId: string;
let token: string;

beforeEach(async () => {
  const { db, now } = tool.ctx();
  course = await seedCourse(db);
  anna = await course.addMember('Anna Beispiel');
  teacher = await course.addMember('Tina Lehrer', 'teacher');
  meetingId = await course.addMeeting({
    title: 'Grundlagen',
    startsAt: addMs(now, -10 * minuteMs),
    endsAt: addMs(now, 60 * minuteMs),
  });
  const viewer = { personId: anna.personId };
  ({ token } = await showMyCode({ ...tool.ctx(), viewer }, { courseId: course.courseId }));
});

const as = async (member: SeededMember | undefined): Promise<Record<string, string>> => {
  const { secrets, now } = tool.ctx();
  return member === undefined
    ? {}
    : {
        cookie: `__Host-sk_login=${await sealLogin(secrets, { personId: member.personId, language: 'en' }, now)}`,
      };
};
const route = (code: string) => ({ params: Promise.resolve({ code }) });
const get = async (by: SeededMember | undefined, code = token) =>
  GET(new Request(`${publicUrl}/h/${code}`, { headers: await as(by) }), route(code));
const post = async (
  by: SeededMember | undefined,
  fields: Record<string, string>,
  headers: Record<string, string> = { origin: publicUrl, 'sec-fetch-site': 'same-origin' },
) =>
  POST(
    new Request(`${publicUrl}/h/${token}`, {
      method: 'POST',
      headers: { ...(await as(by)), ...headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields),
    }),
    route(token),
  );
/** What the forms of a page send. */
const fieldsOf = (page: string) =>
  Object.fromEntries(
    [...page.matchAll(/name="([a-z-]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
const countRows = async () => {
  const { db } = tool.ctx();
  return Promise.all([attendanceRecords, checkIns, auditEvents].map((table) => db.$count(table)));
};

describe('the page of a personal code', () => {
  test('tells nobody of its owner who does not run a course of theirs', async () => {
    const fellow = await course.addMember('Ben Muster');
    const pages = await Promise.all(
      [undefined, anna, fellow]
        .map(async (by) => (await get(by)).text())
        .concat(
          // A code that there is not is answered the same: nobody learns which there are.
          (await get(teacher, 'x'.repeat(43))).text(),
        ),
    );
    const plain = pages.map((page) => page.replace(/nonce="[^"]*"|nonce-[\w-]*/g, ''));
    expect(new Set(plain).size).toBe(1);
    expect(plain[0]).not.toMatch(/Anna|Beispiel|Grundlagen|Meisterkurs|<form/);
    expect(plain[0]).toContain('A personal attendance code');
  });

  test('asks a teacher once, and records nothing by being looked at', async () => {
    const before = await countRows();
    const answer = await get(teacher);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(answer.headers.get('set-cookie')).toBeNull();
    const page = await answer.text();
    expect(page.match(/<form/g)).toHaveLength(1);
    expect(page).toMatch(/Check in .Anna Beispiel.\?/);
    expect(fieldsOf(page)).toMatchObject({ course: course.courseId, meeting: meetingId, direction: 'in' });
    expect(await countRows()).toEqual(before);
  });

  test('is not on the way of the screens’ middleware', () => {
    expect(new RegExp(`^${config.matcher[0] ?? ''}$`).test(`/h/${token}`)).toBe(false);
  });
});

describe('its button', () => {
  test('checks in, twice pressed once, and is taken back', async () => {
    const fields = fieldsOf(await (await get(teacher)).text());
    const done = await (await post(teacher, fields)).text();
    expect(done).toMatch(/Anna Beispiel. is checked in/);
    const { db } = tool.ctx();
    expect(await db.$count(checkIns)).toBe(1);
    expect((await post(teacher, fields)).status).toBe(200);
    expect(await db.$count(checkIns)).toBe(1);

    const again = await (await get(teacher)).text();
    expect(fieldsOf(again)).toMatchObject({ direction: 'out' });
    expect(again).toContain('Here since');

    const back = fieldsOf(done);
    expect(Object.keys(back).sort()).toEqual(['course', 'take-back']);
    expect(await (await post(teacher, back)).text()).toContain('taken back');
    expect(await db.$count(attendanceRecords)).toBe(0);
  });

  test('says in words why nothing was entered', async () => {
    const fields = { course: course.courseId, meeting: meetingId, direction: 'in', attempt: newId() };
    const cancelled = await course.addMeeting({ state: 'cancelled' });
    const refused = await post(teacher, { ...fields, meeting: cancelled });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('This meeting is cancelled.');
    expect((await post(teacher, { ...fields, attempt: 'x' })).status).toBe(422);
  });

  test('works for those who run the course, from our own page', async () => {
    const fields = { course: course.courseId, meeting: meetingId, direction: 'in', attempt: newId() };
    const before = await countRows();
    expect((await post(undefined, fields)).status).toBe(401);
    expect((await post(anna, fields)).status).toBe(403);
    const stranger = await (await seedCourse(tool.ctx().db)).addMember('Other', 'teacher');
    expect((await post(stranger, fields)).status).toBe(403);
    expect((await post(teacher, fields, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(teacher, fields, { origin: publicUrl, 'sec-fetch-site': 'cross-site' })).status).toBe(
      403,
    );
    expect((await post(teacher, fields, {})).status).toBe(403);
    expect(await countRows()).toEqual(before);
  });
});
