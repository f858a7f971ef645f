import { sql } from 'drizzle-orm';
import { markRecords } from '#lib/attendance/mark-records.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { inTurns } from './figures.ts';
import type { Note } from './figures.ts';
import { seedHeldCourse, seedOtherCourses } from './school.ts';
import { openReplay, recordStatements } from './statements.ts';
import { readWhole, startBenchTool } from './tool.ts';

const rounds = 80;
const otherCourses = 2_000;

/** The round trip of one mark, against an empty route handler and the mark's bare SQL. */
export async function benchMarks(note: Note): Promise<void> {
  const tool = await startBenchTool();
  const replay = await openReplay(tool.databaseUrl);
  try {
    const course = await seedHeldCourse(tool.db, { students: 600, meetings: 8, now: new Date() });
    const headers = { ...(await tool.headersOf(course.teacher)), 'content-type': 'application/json' };
    const place = { courseId: course.courseId, meetingId: course.meetingId };
    const url = `${tool.url}/api/courses/${course.courseId}/meetings/${course.meetingId}/marks`;
    const markOf = (member: SeededMember | undefined) => ({
      membershipId: member?.membershipId ?? '',
      revision: 0,
      change: { kind: 'word', status: 'present' } as const,
    });
    // Those of the second half are marked by the bare SQL, and unmarked before each turn.
    const [half, last] = [300, course.members.at(-1)];
    const statements = await recordStatements(tool.databaseUrl, (db) =>
      markRecords(tool.as(course.teacher, db), { ...place, marks: [markOf(last)] }),
    );
    const unmark = async () => {
      await tool.db.execute(sql`delete from attendance_records where meeting_id = ${course.meetingId}`);
      // The bare SQL brings the very same rows again.
      await tool.db.execute(sql`delete from audit_events where course_id = ${course.courseId}`);
    };

    const measure = async () => {
      await unmark();
      return inTurns(rounds, {
        mark: (round) => {
          const marks = [markOf(course.members[round % half])];
          return readWhole(fetch(url, { method: 'POST', headers, body: JSON.stringify({ marks }) }));
        },
        empty: () => readWhole(fetch(`${tool.url}/health`)),
        unmarked: unmark,
        sql: () => replay.send(statements),
      });
    };

    const alone = await measure();
    note('a mark to an empty handler and its bare SQL', alone.mark / (alone.empty + alone.sql), 'ratio', 2);
    note('mark', alone.mark, 'ms');
    note('empty handler', alone.empty, 'ms');
    note('bare SQL', alone.sql, 'ms');
    note('statements', statements.length, 'statements');

    await seedOtherCourses(tool.db, otherCourses);
    const among = await measure();
    note(`a mark among ${String(otherCourses)} courses to alone`, among.mark / alone.mark, 'ratio', 1.3);
  } finally {
    await replay.close();
    await tool.stop();
  }
}
