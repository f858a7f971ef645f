import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { addJobsForLater } from '../jobs/queue.ts';
import { selectLivelyCourses } from './queries.ts';
import { turnOfNight } from './rules.ts';

/** Nobody has opened a course for so long: its roster waits for the next launch. */
const lively = 28 * 24 * 60 * minuteMs;

/**
 * Gives every course that somebody has opened lately, and that is not over, its turn in the night that begins.
 *
 * @param random from 0 up to, but not including, 1
 * @returns how many
 */
export async function planNight(ctx: Pick<Ctx, 'db' | 'now'>, random: () => number): Promise<number> {
  const courseIds = await selectLivelyCourses(ctx.db, addMs(ctx.now, -lively));
  await addJobsForLater(
    'sync-roster-at-night',
    courseIds.map((courseId) => ({
      key: courseId,
      data: { courseId },
      startAfter: turnOfNight(ctx.now, random()),
    })),
  );
  return courseIds.length;
}
