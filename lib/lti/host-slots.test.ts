import { describe, expect, test } from 'vitest';
import { createHostSlots } from './host-slots.ts';

/** Patience that ends when the test says so. */
function createPatience() {
  const running: { end: () => void; calledOff: AbortSignal | undefined }[] = [];
  return {
    running,
    wait: (_ms: number, calledOff?: AbortSignal) =>
      new Promise<void>((end, fail) => {
        running.push({ end, calledOff });
        calledOff?.addEventListener('abort', () => {
          fail(new Error('called off'));
        });
      }),
  };
}

describe('slots by host', () => {
  test('pass on in the order in which they were asked for', async () => {
    const { wait, running } = createPatience();
    const slots = createHostSlots(1, wait);
    const served: string[] = [];
    const ask = async (name: string) => {
      expect(await slots.take('a', 1_000)).toBe(true);
      served.push(name);
    };
    await ask('first');
    const others = [ask('second'), ask('third')];
    slots.free('a');
    const late = ask('late');
    await others[0];
    slots.free('a');
    await others[1];
    slots.free('a');
    await late;
    expect(served).toEqual(['first', 'second', 'third', 'late']);
    expect(running.every((one) => one.calledOff?.aborted)).toBe(true);
  });

  test('who loses patience is told, and gets no slot later', async () => {
    const { wait, running } = createPatience();
    const slots = createHostSlots(1, wait);
    await slots.take('a', 1_000);
    const impatient = slots.take('a', 1_000);
    running[0]?.end();
    expect(await impatient).toBe(false);
    slots.free('a');
    expect(await slots.take('a', 1_000)).toBe(true);
  });

  test('of one host do not count for another', async () => {
    const slots = createHostSlots(1, createPatience().wait);
    expect(await slots.take('a', 0)).toBe(true);
    expect(await slots.take('b', 0)).toBe(true);
  });
});
