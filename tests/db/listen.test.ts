import { expect, onTestFinished, test } from 'vitest';
import { listen } from '#lib/db/listen.ts';
import { liveChannel, notifyAll } from '#lib/live/queries.ts';
import { openDatabaseLine } from '../support/database-line.ts';
import { useTestContext } from '../support/test-context.ts';

const tool = useTestContext();

test('a line that falls silent is noticed, and another one takes over', async () => {
  const line = await openDatabaseLine(tool.database.url);
  let listening = 0;
  const lost: string[] = [];
  const heard: string[] = [];
  const ear = listen({
    address: line.url,
    channel: liveChannel,
    checkMs: 50,
    answerWithinMs: 200,
    retryMs: 20,
    onPayload: (payload) => heard.push(payload),
    onListening: () => {
      listening += 1;
    },
    onLost: (error) => lost.push(error.message),
  });
  onTestFinished(async () => {
    line.restore();
    await ear.close();
    await line.close();
  });
  await expect.poll(() => listening).toBe(1);
  line.silence();
  await expect.poll(() => lost.length).toBeGreaterThan(0);
  expect(lost[0]).toMatch(/timeout/);
  line.restore();
  line.cut();
  await expect.poll(() => listening, { timeout: 10_000 }).toBe(2);
  await notifyAll(tool.ctx.db, ['heard again']);
  await expect.poll(() => heard).toContain('heard again');
});

test('while the line carries, saying it again changes nothing', async () => {
  const line = await openDatabaseLine(tool.database.url);
  let listening = 0;
  const lost: Error[] = [];
  const heard: string[] = [];
  const ear = listen({
    address: line.url,
    channel: liveChannel,
    checkMs: 5,
    onPayload: (payload) => heard.push(payload),
    onListening: () => {
      listening += 1;
    },
    onLost: (error) => lost.push(error),
  });
  onTestFinished(async () => {
    await ear.close();
    await line.close();
  });
  await expect.poll(() => listening).toBe(1);
  for (const word of ['one', 'two', 'three']) {
    await notifyAll(tool.ctx.db, [word]);
    await expect.poll(() => heard).toContain(word);
  }
  expect(heard).toEqual(['one', 'two', 'three']);
  expect([listening, lost]).toEqual([1, []]);
});

test('whoever stops listening on a line that has fallen silent waits for no answer', async () => {
  const line = await openDatabaseLine(tool.database.url);
  onTestFinished(async () => {
    line.restore();
    await line.close();
  });
  const listening = Promise.withResolvers<undefined>();
  const ear = listen({
    address: line.url,
    channel: liveChannel,
    onPayload: () => undefined,
    onListening: () => {
      listening.resolve(undefined);
    },
    onLost: listening.reject,
  });
  await listening.promise;
  line.silence();
  await ear.close();
});
