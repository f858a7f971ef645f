import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { renewCalendarLink } from '#lib/calendars/renew-calendar-link.ts';
import { showCalendarLink } from '#lib/calendars/show-calendar-link.ts';
import { randomToken } from '#lib/base/ids.ts';
import { meetings, people } from '#lib/db/schema.ts';
import { GET } from '../../app/calendar/[token]/route.ts';
import { config } from '../../middleware.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

const tool = useTestProcess();
let course: Awaited<ReturnType<typeof seedCourse>>;
let anna: SeededMember;
let token: string;

beforeEach(async () => {
  course = await seedCourse(tool.ctx().db);
  anna = await course.addMember('Anna Beispiel');
  await course.addMember('Ben Anders');
  ({ token } = await showCalendarLink(as(anna), { courseId: course.courseId }));
});

/** A Saturday that no run of this test has behind it. */
const far = {
  localStart: '2040-11-24T09:00',
  localEnd: '2040-11-24T12:45',
  startsAt: new Date('2040-11-24T08:00:00Z'),
  endsAt: new Date('2040-11-24T11:45:00Z'),
};

const as = (member: SeededMember) => ({ ...tool.ctx(), viewer: { personId: member.personId } });

function get(file: string, headers: Record<string, string> = {}): Promise<Response> {
  return GET(new Request(`${publicUrl}/calendar/${file}`, { headers }), {
    params: Promise.resolve({ token: file }),
  });
}
/** The feed, its folded lines whole again. */
const linesOf = async (file: string) =>
  (await (await get(file)).text()).replaceAll('\r\n ', '').split('\r\n');

test('a calendar program reads the meetings of whoever’s link it is, without a login', async () => {
  const meetingId = await course.addMeeting({
    ...far,
    title: 'Grundlagen, Teil 1; Übung',
    room: '301',
    description: 'Bitte mitbringen:\nTaschenrechner',
    onlineUrl: 'https://zoom.example/j/1',
    revision: 3,
  });
  const answer = await get(`${token}.ics`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  const lines = await linesOf(`${token}.ics`);
  expect(lines).toEqual(
    expect.arrayContaining([
      `UID:${meetingId}@tool.example`,
      'SEQUENCE:3',
      'DTSTART:20401124T080000Z',
      'DTEND:20401124T114500Z',
      'STATUS:CONFIRMED',
      'SUMMARY:Grundlagen\\, Teil 1\\; Übung · Meisterkurs Elektrotechnik',
      'LOCATION:301',
      'DESCRIPTION:Bitte mitbringen:\\nTaschenrechner\\nhttps://zoom.example/j/1',
      `URL:${publicUrl}/courses/${course.courseId}`,
    ]),
  );
});

test('nobody is named in it', async () => {
  await course.addMeeting(far);
  const text = await (await get(`${token}.ics`)).text();
  expect(text).not.toMatch(/Anna|Beispiel|Ben|Anders/);
});

test('lines are no longer than 75 bytes and end as the standard says', async () => {
  await course.addMeeting({ ...far, title: 'Ü'.repeat(150), description: 'ä, '.repeat(300) });
  const text = await (await get(`${token}.ics`)).text();
  expect(text).toMatch(/\r\nEND:VCALENDAR\r\n$/);
  expect(text.split('\r\n').filter((line) => Buffer.byteLength(line) > 75)).toEqual([]);
});

test('a meeting that was called off is so there too', async () => {
  await course.addMeeting({ ...far, title: 'Grundlagen', state: 'cancelled' });
  const lines = await linesOf(`${token}.ics`);
  expect(lines).toContain('STATUS:CANCELLED');
  expect(lines).toContain('SUMMARY:Cancelled: Grundlagen · Meisterkurs Elektrotechnik');
});

test('it speaks the language that the person’s platform tells', async () => {
  await course.addMeeting({ ...far, title: null });
  const summary = async () => (await linesOf(`${token}.ics`)).find((line) => line.startsWith('SUMMARY:'));
  expect(await summary()).toBe('SUMMARY:Saturday 1 · Meisterkurs Elektrotechnik');
  await tool.ctx().db.update(people).set({ locale: 'de-AT' }).where(eq(people.id, anna.personId));
  expect(await summary()).toBe('SUMMARY:Samstag 1 · Meisterkurs Elektrotechnik');
});

test('on both sides of a change of clocks the instants are right', async () => {
  await course.addMeeting({
    startsAt: new Date('2040-03-24T08:00:00Z'),
    endsAt: new Date('2040-03-24T11:00:00Z'),
  });
  await course.addMeeting({
    startsAt: new Date('2040-03-31T07:00:00Z'),
    endsAt: new Date('2040-03-31T10:00:00Z'),
  });
  const lines = await linesOf(`${token}.ics`);
  expect(lines.filter((line) => line.startsWith('DTSTART'))).toEqual([
    'DTSTART:20400324T080000Z',
    'DTSTART:20400331T070000Z',
  ]);
});

test('what has not changed is not sent again; what has, is', async () => {
  const meetingId = await course.addMeeting(far);
  const etag = (await get(`${token}.ics`)).headers.get('etag') ?? '';
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await get(`${token}.ics`, { 'if-none-match': known });
    expect([again.status, await again.text()]).toEqual([304, '']);
  }
  await tool.ctx().db.update(meetings).set({ room: 'Aula' }).where(eq(meetings.id, meetingId));
  expect((await get(`${token}.ics`, { 'if-none-match': etag })).status).toBe(200);
});

describe('there is nothing', () => {
  test.each([
    ['at a link that nobody has', () => `${randomToken()}.ics`],
    ['at a link without its ending', () => token],
    ['at what is no link', () => 'calendar.ics'],
  ])('%s', async (_, file) => {
    const answer = await get(file());
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain(token);
  });

  test('at an old link, and the answer does not tell it from any other', async () => {
    await renewCalendarLink(as(anna), { courseId: course.courseId });
    const telling = async (file: string) =>
      (await (await get(file)).text())
        .replaceAll(/<code>[^<]*<\/code>/g, '')
        .replaceAll(/nonce="[^"]*"/g, '');
    expect(await telling(`${token}.ics`)).toBe(await telling(`${randomToken()}.ics`));
  });
});

test('middleware does not see the link', () => {
  const [pattern = ''] = config.matcher;
  expect(new RegExp(`^${pattern}$`).test(`/calendar/${token}.ics`)).toBe(false);
});
