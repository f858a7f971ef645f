import { beforeAll, beforeEach } from 'vitest';
import { addMs, minuteMs } from '#lib/base/time.ts';
import type { Ctx } from '#lib/context.ts';
import { seedCourse } from './seed-course.ts';
import type { SeededMember } from './seed-course.ts';
import { saturday, testSecrets } from './test-context.ts';
import type { TestContext } from './test-context.ts';

type SeededCourse = Awaited<ReturnType<typeof seedCourse>>;

interface Classroom {
  course: SeededCourse;
  teacher: SeededMember;
  anna: SeededMember;
  meetingId: string;
}

/** Before each test a new course with a teacher, a student and a meeting two minutes from `saturday`. */
export function useClassroom(tool: TestContext) {
  let held: Classroom | undefined;
  beforeAll(() => {
    process.env.SESSION_SECRET = testSecrets.current;
  });
  beforeEach(async () => {
    const course = await seedCourse(tool.ctx.db, { webHost: 'canvas.example' });
    const teacher = await course.addMember('Tea Cher', 'teacher');
    const anna = await course.addMember('Anna Beispiel');
    held = { course, teacher, anna, meetingId: await course.addMeeting() };
  });

  const there = (): Classroom => {
    if (held === undefined) throw new Error('the classroom is there from beforeEach on');
    return held;
  };
  return {
    get course() {
      return there().course;
    },
    get teacher() {
      return there().teacher;
    },
    get anna() {
      return there().anna;
    },
    get meetingId() {
      return there().meetingId;
    },
    place: () => ({ courseId: there().course.courseId, meetingId: there().meetingId }),
    /** A context of this member's, at a time. */
    who: (member: SeededMember | undefined, now = saturday): Ctx => ({
      ...tool.ctx,
      now,
      viewer: member === undefined ? undefined : { personId: member.personId },
    }),
  };
}

/** So many minutes after 08:58 on the Saturday of the tests. */
export const minutes = (count: number) => addMs(saturday, count * minuteMs);
