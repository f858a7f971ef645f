import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** A process beside the measured one, so that neither waits for the other's work. It ends with this one. */
export interface Helper<Order, Answer> {
  ask(order: Order): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts a file of this folder that calls `answerOrders`. */
export function startHelper<Order, Answer>(file: string): Helper<Order, Answer> {
  const child = fork(resolve(import.meta.dirname, file), {
    // Dates and bytes arrive as what they are.
    serialization: 'advanced',
  });
  let asked = 0;
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  child.on('message', ({ id, answer, error }: Answered<Answer>) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(answer as Answer);
    else one?.reject(new Error(`${file}: ${error}`));
  });
  child.on('exit', (code) => {
    for (const one of waiting.values()) one.reject(new Error(`${file} has ended with ${String(code)}`));
  });
  return {
    ask: (order) => {
      asked += 1;
      const answered = Promise.withResolvers<Answer>();
      waiting.set(asked, answered);
      child.send({ id: asked, order }, (error) => {
        if (error !== null) answered.reject(error);
      });
      return answered.promise;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

interface Answered<Answer> {
  id: number;
  answer?: Answer;
  error?: string;
}

/** In the helper: does what it is asked, and says what came of it. */
export function answerOrders(act: (order: never) => Promise<unknown>): void {
  process.once('disconnect', () => process.exit());
  process.on('message', ({ id, order }: { id: number; order: never }) => {
    act(order).then(
      (answer) => process.send?.({ id, answer }),
      (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
    );
  });
}
