import { loadRegister } from '#lib/attendance/load-register.ts';
import { inTurns } from './figures.ts';
import type { Note } from './figures.ts';
import { seedHeldCourse, seedOtherCourses } from './school.ts';
import { openReplay, recordStatements } from './statements.ts';
import { readWhole, startBenchTool } from './tool.ts';

const rounds = 40;
/** A course so small that its register costs nothing: what is left is the page itself. */
const few = 3;
const otherCourses = 2_000;

/**
 * The register of 600 members, against its bare SQL: its data as the event stream sends them, and its page, which costs
 * something with three members too; then with 2,000 other courses in the database.
 */
export async function benchRegister(note: Note): Promise<void> {
  const tool = await startBenchTool();
  const replay = await openReplay(tool.databaseUrl);
  try {
    const course = await seedHeldCourse(tool.db, { students: 600, meetings: 8, now: new Date() });
    const small = await seedHeldCourse(tool.db, { students: few, meetings: 8, now: new Date() });
    const headers = await tool.headersOf(course.teacher);
    const headersOfSmall = await tool.headersOf(small.teacher);
    const place = { courseId: course.courseId, meetingId: course.meetingId };
    const statements = await recordStatements(tool.databaseUrl, (db) =>
      loadRegister(tool.as(course.teacher, db), place),
    );
    const courseUrl = `${tool.url}/courses/${course.courseId}`;
    let bytes = 0;
    const measure = () =>
      inTurns(rounds, {
        data: () => readSnapshot(tool.url, place, headers),
        register: async () => {
          bytes = await readWhole(fetch(`${courseUrl}/meetings/${course.meetingId}`, { headers }));
        },
        smallRegister: () =>
          readWhole(
            fetch(`${tool.url}/courses/${small.courseId}/meetings/${small.meetingId}`, {
              headers: headersOfSmall,
            }),
          ),
        home: () => readWhole(fetch(courseUrl, { headers })),
        members: () => readWhole(fetch(`${courseUrl}/members`, { headers })),
        sql: () => replay.send(statements),
      });

    const alone = await measure();
    note('data of 600 members to their bare SQL', alone.data / alone.sql, 'ratio', 3);
    note(
      `page of 600 members to one of ${String(few)} and the bare SQL`,
      alone.register / (alone.smallRegister + alone.sql),
      'ratio',
      2,
    );
    note('page of 600 members to its bare SQL', alone.register / alone.sql, 'ratio');
    note('page', alone.register, 'ms');
    note(`page of ${String(few)} members`, alone.smallRegister, 'ms');
    note('bare SQL', alone.sql, 'ms');
    note('page, uncompressed', bytes / 1000, 'kB');
    note('statements', statements.length, 'statements');

    await seedOtherCourses(tool.db, otherCourses);
    const among = await measure();
    for (const name of ['data', 'register', 'home', 'members', 'sql'] as const) {
      note(`${name} among ${String(otherCourses)} courses to alone`, among[name] / alone[name], 'ratio', 1.3);
    }
  } finally {
    await replay.close();
    await tool.stop();
  }
}

/** Reads a register from the event stream: it begins with all that there is. */
async function readSnapshot(
  url: string,
  { courseId, meetingId }: { courseId: string; meetingId: string },
  headers: Record<string, string>,
): Promise<void> {
  const hangUp = new AbortController();
  const answer = await fetch(`${url}/api/courses/${courseId}/meetings/${meetingId}/events`, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: hangUp.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`answered ${String(answer.status)}`);
  const decoder = new TextDecoder();
  let heard = '';
  for await (const chunk of answer.body) {
    heard += decoder.decode(chunk, { stream: true });
    if (/event: snapshot\n[^]*\n\n/.test(heard)) break;
  }
  hangUp.abort();
}
