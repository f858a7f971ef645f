import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { gathering } from './gather.ts';

/** A database that only stands for itself. */
const database = () => ({});

interface Asked {
  lane: string;
  key: string;
  number: number;
}
const asked = (number: number, lane = 'a', key = String(number)): Asked => ({ lane, key, number });

/** Answers with twice the number, and keeps what went together; `hold` keeps statements waiting until released. */
function counting(options: { failsOn?: (given: readonly Asked[]) => Error | undefined } = {}) {
  const sent: number[][] = [];
  const waiting: (() => void)[] = [];
  let holds = false;
  const ask = gathering({
    run: async (_db: object, given: readonly Asked[]) => {
      sent.push(given.map(({ number }) => number));
      if (holds) await new Promise<void>((resolve) => waiting.push(resolve));
      const failure = options.failsOn?.(given);
      if (failure !== undefined) throw failure;
      return given.map(({ number }) => number * 2);
    },
    laneOf: ({ lane }) => lane,
    keyOf: ({ key }) => key,
  });
  return {
    ask,
    sent,
    hold: () => {
      holds = true;
    },
    release: () => {
      holds = false;
      for (const go of waiting.splice(0)) go();
    },
  };
}
const soon = () => new Promise((resolve) => setImmediate(resolve));

describe('requests that come in the same moment', () => {
  test('share one statement, and each hears its own answer', async () => {
    const { ask, sent } = counting();
    const db = database();
    expect(await Promise.all([1, 2, 3].map((number) => ask(db, asked(number))))).toEqual([2, 4, 6]);
    expect(sent).toEqual([[1, 2, 3]]);
  });

  test('one that comes alone goes alone', async () => {
    const { ask, sent } = counting();
    const db = database();
    expect(await ask(db, asked(1))).toBe(2);
    expect(await ask(db, asked(2))).toBe(4);
    expect(sent).toEqual([[1], [2]]);
  });

  test('while two statements are under way, the others gather; fifty at most go together', async () => {
    const { ask, sent, hold, release } = counting();
    const db = database();
    hold();
    const first = ask(db, asked(1));
    await soon();
    const second = ask(db, asked(2));
    await soon();
    const others = Array.from({ length: 60 }, (_, index) => ask(db, asked(index + 3)));
    await soon();
    expect(sent).toEqual([[1], [2]]);
    release();
    await Promise.all([first, second, ...others]);
    expect(sent.slice(2).map((together) => together.length)).toEqual([50, 10]);
  });

  test('a lane that waits keeps no other waiting', async () => {
    const { ask, hold, release, sent } = counting();
    const db = database();
    hold();
    const stuck = [1, 2].map((number) => ask(db, asked(number, 'stuck')));
    await soon();
    release();
    hold();
    const free = ask(db, asked(3, 'free'));
    await soon();
    expect(sent.at(-1)).toEqual([3]);
    release();
    await Promise.all([...stuck, free]);
  });

  test('two with the same key go one after the other', async () => {
    const { ask, sent } = counting();
    const db = database();
    await Promise.all([
      ask(db, asked(1, 'a', 'anna')),
      ask(db, asked(2, 'a', 'anna')),
      ask(db, asked(3, 'a', 'ben')),
    ]);
    for (const together of sent) expect(together).not.toEqual(expect.arrayContaining([1, 2]));
    expect(sent.flat().sort()).toEqual([1, 2, 3]);
  });

  test('transactions and pools never share one', async () => {
    const { ask, sent } = counting();
    await Promise.all([ask(database(), asked(1)), ask(database(), asked(2))]);
    expect(sent).toEqual([[1], [2]]);
  });
});

describe('a statement that fails', () => {
  const bad = new Error('one of them is bad');

  test('is tried one by one, so that nobody suffers from a neighbour', async () => {
    const { ask } = counting({
      failsOn: (given) => (given.some(({ number }) => number === 2) ? bad : undefined),
    });
    const db = database();
    const answers = await Promise.allSettled([1, 2, 3].map((number) => ask(db, asked(number))));
    expect(answers).toEqual([
      { status: 'fulfilled', value: 2 },
      { status: 'rejected', reason: bad },
      { status: 'fulfilled', value: 6 },
    ]);
  });

  test('because the database is away fails for all at once', async () => {
    const away = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    const { ask, sent } = counting({ failsOn: () => away });
    const db = database();
    const answers = await Promise.allSettled([1, 2, 3].map((number) => ask(db, asked(number))));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(sent).toHaveLength(1);
  });

  describe('because the database is away', () => {
    const away = new Error('Query read timeout');
    afterEach(() => vi.useRealTimers());

    /** Two are under way, and a third waits, for so long until the first two have failed. */
    async function failAfter(ms: number) {
      vi.useFakeTimers({ toFake: ['performance'] });
      const { ask, sent, hold, release } = counting({
        failsOn: (given) => (given.some(({ number }) => number < 3) ? away : undefined),
      });
      const db = database();
      hold();
      const answers = [ask(db, asked(1))];
      await soon();
      answers.push(ask(db, asked(2)));
      await soon();
      answers.push(ask(db, asked(3)));
      vi.advanceTimersByTime(ms);
      release();
      const settled = await Promise.allSettled(answers);
      // A later one begins anew.
      expect(await ask(db, asked(4))).toBe(8);
      return { sent, last: settled[2] };
    }

    test('takes along who has waited behind it for long: nobody waits for it twice', async () => {
      const { sent, last } = await failAfter(10_000);
      expect(last).toEqual({ status: 'rejected', reason: away });
      expect(sent).toEqual([[1], [2], [4]]);
    });

    test('at once, as when a connection breaks, leaves others their own try', async () => {
      const { sent, last } = await failAfter(20);
      expect(last).toEqual({ status: 'fulfilled', value: 6 });
      expect(sent).toEqual([[1], [2], [3], [4]]);
    });
  });
});

test('whatever comes when, everybody hears exactly their own answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          lane: fc.constantFrom('a', 'b'),
          key: fc.constantFrom('x', 'y', 'z'),
          pause: fc.boolean(),
        }),
        { maxLength: 120 },
      ),
      async (requests) => {
        const { ask, sent } = counting();
        const db = database();
        const answers: Promise<number>[] = [];
        for (const [number, { lane, key, pause }] of requests.entries()) {
          answers.push(ask(db, { lane, key, number }));
          if (pause) await soon();
        }
        expect(await Promise.all(answers)).toEqual(requests.map((_, number) => number * 2));
        for (const together of sent) {
          const keys = together.map((number) => requests[number]?.key);
          expect(new Set(keys).size).toBe(keys.length);
        }
      },
    ),
    { numRuns: 50 },
  );
});
