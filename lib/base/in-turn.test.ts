import { expect, test } from 'vitest';
import { takingTurns } from './in-turn.ts';

test('one after another, also after one that failed; other keys do not wait', async () => {
  const inTurn = takingTurns();
  const told: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const failing = inTurn('a', async () => {
    told.push('first');
    await first.promise;
    throw new Error('failed');
  });
  const second = inTurn('a', () => Promise.resolve(told.push('second')));
  await inTurn('b', () => Promise.resolve(told.push('other')));
  expect(told).toEqual(['first', 'other']);
  first.resolve(undefined);
  await expect(failing).rejects.toThrow('failed');
  await second;
  expect(told).toEqual(['first', 'other', 'second']);
});
