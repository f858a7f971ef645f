import { errorFacts } from '../base/log.ts';
import { minuteMs } from '../base/time.ts';
import { isStaff } from '../access/rules.ts';
import type { Ctx } from '../context.ts';
import type { Course } from '../courses/keep-course.ts';
import type { Role } from '../db/schema.ts';
import { addJob } from '../jobs/queue.ts';

const freshMs = 10 * minuteMs;

/**
 * Asks for the roster in the background when a teacher or assistant launches and the last complete one is
 * older than ten minutes. A launch never waits for it, nor fails with it.
 */
export async function requestRosterSync(
  ctx: Pick<Ctx, 'now' | 'log'>,
  { course, role }: { course: Course; role: Role },
): Promise<void> {
  if (!isStaff(role) || course.namesAndRolesUrl === null) return;
  if (course.rosterSyncedAt !== null && ctx.now.getTime() - course.rosterSyncedAt.getTime() < freshMs) return;
  try {
    await addJob('sync-roster', course.id, { courseId: course.id });
  } catch (error) {
    ctx.log.warn({ courseId: course.id, ...errorFacts(error) }, 'a roster sync could not be asked for');
  }
}
