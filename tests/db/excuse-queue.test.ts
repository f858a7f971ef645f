import { expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import { excuses } from '#lib/db/schema.ts';
import { loadExcuseQueue } from '#lib/excuses/load-excuse-queue.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);

async function handIn(
  { membershipId }: SeededMember,
  change: Partial<typeof excuses.$inferInsert> = {},
): Promise<string> {
  const id = newId();
  await tool.ctx.db.insert(excuses).values({
    ...{ id, courseId: room.course.courseId, membershipId, reason: 'illness', state: 'submitted' },
    ...{ submittedAt: minutes(0), ...change },
  });
  return id;
}

const load = (given: Partial<Parameters<typeof loadExcuseQueue>[1]> = {}) =>
  loadExcuseQueue(room.who(room.teacher), { courseId: room.course.courseId, ...given });

test('an excuse that an address names comes along, wherever it stands in the course, and never from another', async () => {
  const waiting = await handIn(room.anna);
  const declined = await handIn(room.anna, { state: 'declined', decidedAt: minutes(5) });
  const other = await seedCourse(tool.ctx.db);
  const stranger = await other.addMember('Stran Ger');
  const foreign = await handIn(stranger, { courseId: other.courseId });

  expect((await load({ excuseId: declined })).opened?.id).toBe(declined);
  for (const excuseId of [waiting, foreign, newId(), 'nonsense']) {
    const { excuses: shown, opened } = await load({ excuseId });
    expect(opened).toBeUndefined();
    expect(shown.map(({ id }) => id)).toEqual([waiting]);
  }
});

test('a long queue comes in pages, those that wait longest first, and the navigation counts them all', async () => {
  for (let count = 0; count < 53; count += 1) await handIn(room.anna, { submittedAt: minutes(60 - count) });
  const [first, second] = [await load(), await load({ page: 1 })];
  expect([first.excuses.length, first.hasMore, first.waiting]).toEqual([50, true, 53]);
  expect([second.excuses.length, second.hasMore]).toEqual([3, false]);
  const times = [...first.excuses, ...second.excuses].map(({ submittedAt }) => submittedAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});
