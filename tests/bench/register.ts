import { loadRegister } from '#lib/attendance/load-register.ts';
import { inTurns } from './figures.ts';
import type { Note } from './figures.ts';
import { seedHeldCourse, seedOtherCourses } from './school.ts';
import { openReplay, recordStatements } from './statements.ts';
import { readWhole, startBenchTool } from './tool.ts';

const rounds = 40;
const otherCourses = 2_000;

/** The register's page with 600 members, against its bare SQL; then with 2,000 other courses in the database. */
export async function benchRegister(note: Note): Promise<void> {
  const tool = await startBenchTool();
  const replay = await openReplay(tool.databaseUrl);
  try {
    const course = await seedHeldCourse(tool.db, { students: 600, meetings: 8, now: new Date() });
    const headers = await tool.headersOf(course.teacher);
    const place = { courseId: course.courseId, meetingId: course.meetingId };
    const statements = await recordStatements(tool.databaseUrl, (db) =>
      loadRegister(tool.as(course.teacher, db), place),
    );
    const courseUrl = `${tool.url}/courses/${course.courseId}`;
    let bytes = 0;
    const measure = () =>
      inTurns(rounds, {
        register: async () => {
          bytes = await readWhole(fetch(`${courseUrl}/meetings/${course.meetingId}`, { headers }));
        },
        home: () => readWhole(fetch(courseUrl, { headers })),
        members: () => readWhole(fetch(`${courseUrl}/members`, { headers })),
        sql: () => replay.send(statements),
      });

    const alone = await measure();
    note('page of 600 members to its bare SQL', alone.register / alone.sql, 'ratio', 3);
    note('page', alone.register, 'ms');
    note('bare SQL', alone.sql, 'ms');
    note('page, uncompressed', bytes / 1000, 'kB');
    note('statements', statements.length, 'statements');

    await seedOtherCourses(tool.db, otherCourses);
    const among = await measure();
    for (const name of ['register', 'home', 'members', 'sql'] as const) {
      note(`${name} among ${String(otherCourses)} courses to alone`, among[name] / alone[name], 'ratio', 1.3);
    }
  } finally {
    await replay.close();
    await tool.stop();
  }
}
