// Run beside the demo's tool: gives its course meetings of the last weeks, so that the first look is not an
// empty page. Everything goes the way of real use: roster from the demo LMS, check-ins by typed codes, marks by
// the teacher. A course that has meetings already is left alone.
import { setTimeout as delay } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { createOutsideFetch } from '#lib/base/outside-fetch.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { closeCommandLine, openCommandLine } from '#lib/cli/open-command-line.ts';
import type { CommandLine } from '#lib/cli/open-command-line.ts';
import type { Ctx } from '#lib/context.ts';
import { keepCourse } from '#lib/courses/keep-course.ts';
import { createServiceClient } from '#lib/lti/service-client.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { listMembers } from '#lib/members/list-members.ts';
import { admitDeployment } from '#lib/platforms/admit-deployment.ts';
import { findPlatform } from '#lib/platforms/find-platform.ts';
import { syncRoster } from '#lib/rosters/sync-roster.ts';
import { clientId, deploymentId, identityAt } from '../demo/identity.ts';
import { seedPopulation } from '../demo/people.ts';

const timeZone = 'Europe/Berlin';
const room = 'R 301';

interface Planned {
  date: string;
  from: string;
  to: string;
  breaks: { from: string; to: string }[];
  kind: 'evening' | 'weekend';
}

/** Saturdays and Wednesday evenings: four weeks back, two ahead. */
function plan(today: Temporal.PlainDate): Planned[] {
  const monday = today.subtract({ days: today.dayOfWeek - 1 });
  return [-4, -3, -2, -1, 0, 1].flatMap((week) => [
    {
      date: monday.add({ days: 7 * week + 2 }).toString(),
      from: '18:00',
      to: '20:15',
      breaks: [],
      kind: 'evening',
    },
    {
      date: monday.add({ days: 7 * week + 5 }).toString(),
      from: '09:00',
      to: '12:45',
      breaks: [{ from: '10:45', to: '11:00' }],
      kind: 'weekend',
    },
  ]);
}

/** The same course at every first start: no chance involved. */
function minutesLate(student: number, meeting: number): number | 'absent' | 'excused' {
  const draw = (student * 7919 + meeting * 104_729) % 100;
  if (draw < 6) return 'absent';
  if (draw < 9) return 'excused';
  return draw < 17 ? 6 + (draw % 4) : draw % 5;
}

async function findCourse({ ctx }: CommandLine): Promise<string> {
  const course = seedPopulation().courses.find((one) => one.id === 101);
  if (course === undefined) throw new Error('the demo LMS has no course 101');
  const { issuer } = identityAt(Number(process.argv[2]));
  const platform = await findPlatform(ctx, { issuer, clientId });
  const deployment = await admitDeployment(ctx, { platformId: platform.id, deploymentId, approval: 'never' });
  const kept = await keepCourse(
    ctx,
    {
      deploymentId: deployment.id,
      contextId: course.contextId,
      title: course.title,
      label: course.code,
      canvasCourseId: String(course.id),
      namesAndRolesUrl: `${issuer}/api/lti/courses/${String(course.id)}/names_and_roles`,
      resourceLinkId: course.contextId,
      teacherTimeZone: timeZone,
    },
    timeZone,
  );
  return kept.id;
}

async function holdMeeting(ctx: Ctx, courseId: string, teacherId: string, number: number, planned: Planned) {
  const teacher = { ...ctx, viewer: { personId: teacherId } };
  const saved = await createMeeting(teacher, { courseId, title: null, room, breakMinutes: 0, ...planned });
  if (saved.kind !== 'saved') throw new Error('a sample meeting was refused');
  const place = { courseId, meetingId: saved.meetingId };
  const { meeting, rows } = await loadRegister(teacher, place);
  const startsAt = new Date(meeting.startsAt);
  if (new Date(meeting.endsAt) > ctx.now) return;

  const students = await listMembers(ctx, courseId);
  await openCheckIn({ ...teacher, now: addMs(startsAt, -5 * minuteMs) }, place);
  for (const [index, row] of rows.entries()) {
    const student = students.find((one) => one.membershipId === row.membershipId);
    const late = minutesLate(index, number);
    if (student === undefined || typeof late !== 'number') continue;
    const now = addMs(startsAt, (late > 4 ? late : late - 4) * minuteMs);
    const shown = (await loadCodes({ ...teacher, now }, place)).codes[0];
    await checkInByTypedCode(
      { ...ctx, now, viewer: { personId: student.personId } },
      { courseId, code: shown?.typed ?? '', circumstances: unknownPlace },
    );
  }
  await closeCheckIn({ ...teacher, now: addMs(startsAt, 15 * minuteMs) }, place);
  const marks = rows.flatMap(({ membershipId }, index) => {
    const status = minutesLate(index, number);
    return typeof status === 'number'
      ? []
      : [{ membershipId, revision: 0, change: { kind: 'word' as const, status } }];
  });
  if (marks.length === 0) return;
  await markRecords({ ...teacher, now: addMs(startsAt, 30 * minuteMs) }, { ...place, marks });
}

const unknownPlace = { deviceKey: undefined, browserHash: null, network: null };
const line = await openCommandLine(false);
try {
  const { ctx, settings } = line;
  const services = createServiceClient({
    fetchOutside: createOutsideFetch({
      allowPrivateHosts: settings.ALLOW_PRIVATE_HOSTS,
      ownOrigin: settings.PUBLIC_URL,
    }),
    now: () => new Date(),
    wait: (ms, calledOff) => delay(ms, undefined, { signal: calledOff }),
    random: Math.random,
  });
  const courseId = await findCourse(line);
  const means = { services, canvas: undefined, now: () => new Date() };
  await syncRoster(ctx, { courseId, askedBy: 'operator' }, means);
  const teacher = (await listMembers(ctx, courseId)).find((member) => member.role === 'teacher');
  if (teacher === undefined) throw new Error('the demo course has no teacher');
  const view = await loadMeetings({ ...ctx, viewer: { personId: teacher.personId } }, courseId);
  if (view.ofMoment === undefined && view.coming.length + view.past.length === 0) {
    const today = Temporal.Now.plainDateISO(timeZone);
    for (const [number, planned] of plan(today).entries()) {
      await holdMeeting(ctx, courseId, teacher.personId, number, planned);
    }
  }
} finally {
  await closeCommandLine(line);
}
