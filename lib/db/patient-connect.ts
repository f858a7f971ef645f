import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseFull } from './database-unavailable.ts';

const askAgainMs = 50;

/**
 * A server that has no connection left for us is asked again for a moment: another process may give one back.
 *
 * @throws whatever `connect` throws, of a server that is full still after `withinMs`, too
 */
export async function patientConnect<T>(connect: () => Promise<T>, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      if (!isDatabaseFull(error) || performance.now() + askAgainMs > deadline) throw error;
      await delay(askAgainMs);
    }
  }
}
