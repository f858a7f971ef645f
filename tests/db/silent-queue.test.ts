import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { newId } from '#lib/base/ids.ts';
import { isDatabaseUnavailable } from '#lib/db/database-unavailable.ts';
import { addJob, startQueue, stopQueue, workOn } from '#lib/jobs/queue.ts';
import { openDatabaseLine } from '../support/database-line.ts';
import type { DatabaseLine } from '../support/database-line.ts';
import { useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let line: DatabaseLine;
const done: string[] = [];

beforeAll(async () => {
  line = await openDatabaseLine(tool.database.url);
  await startQueue(line.url, createLog('silent'), 1_000);
  await workOn('sync-roster', ({ courseId }) => {
    done.push(courseId);
    return Promise.resolve();
  });
});
afterAll(async () => {
  line.restore();
  await stopQueue();
  await line.close();
});

const add = (courseId: string) => addJob('sync-roster', courseId, { courseId, askedBy: 'teacher' });

test('a queue whose line falls silent keeps nobody waiting for ever, and goes on', async () => {
  const [first, lost, next] = [newId(), newId(), newId()];
  await add(first);
  await expect.poll(() => done, { timeout: 10_000 }).toContain(first);
  line.silence();
  const failure = await add(lost).catch((error: unknown) => error);
  expect(isDatabaseUnavailable(failure)).toBe(true);
  line.restore();
  await expect
    .poll(
      () =>
        add(next).then(
          () => true,
          () => false,
        ),
      { timeout: 10_000 },
    )
    .toBe(true);
  await expect.poll(() => done, { timeout: 10_000 }).toContain(next);
});
