import { eq } from 'drizzle-orm';
import { addMs, localOfInstant, minuteMs } from '#lib/base/time.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { devices } from '#lib/db/schema.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { seedPhones } from '../support/seed-phones.ts';
import type { PhoneInHall } from './crowd.ts';
import type { BenchTool } from './tool.ts';

export interface Student extends SeededMember {
  deviceKey: string;
  deviceId: string;
}

/** A lecture whose students have told their phones that they are theirs. */
export interface Hall {
  courseId: string;
  teacher: SeededMember;
  students: Student[];
  /** A meeting that has just begun, with its check-in open: nobody is checked in. */
  begin(): Promise<OpenMeeting>;
}

export interface OpenMeeting {
  meetingId: string;
  windowId: string;
  phones: PhoneInHall[];
}

const zone = 'Europe/Berlin';

export async function seedHall(tool: BenchTool, size: number): Promise<Hall> {
  const course = await seedCourse(tool.db);
  const { courseId } = course;
  const teacher = await course.addMember('Tea Cher', 'teacher');
  const members = await course.addMembers(size);
  const keys = await seedPhones(tool.db, course.platformId, members);
  const remembered = await tool.db
    .select({ id: devices.id, personId: devices.personId })
    .from(devices)
    .where(eq(devices.platformId, course.platformId));
  const deviceIds = new Map(remembered.map(({ id, personId }) => [personId, id]));
  const students = members.map((member, index) => ({
    ...member,
    deviceKey: keys[index] ?? '',
    deviceId: deviceIds.get(member.personId) ?? '',
  }));
  return {
    courseId,
    teacher,
    students,
    begin: async () => {
      const startsAt = addMs(new Date(), -minuteMs);
      const endsAt = addMs(startsAt, 90 * minuteMs);
      const meetingId = await course.addMeeting({
        startsAt,
        endsAt,
        localStart: localOfInstant(startsAt, zone),
        localEnd: localOfInstant(endsAt, zone),
      });
      const place = { courseId, meetingId };
      const { windowId } = await openCheckIn(tool.as(teacher), place);
      const { codes } = await loadCodes(tool.as(teacher), place);
      const phones = students.map(({ deviceKey }) => ({ deviceKey, codes }));
      return { meetingId, windowId, phones };
    },
  };
}
