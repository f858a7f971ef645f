import { setTimeout as delay } from 'node:timers/promises';

const withinMs = 15_000;
const betweenMs = 50;

/**
 * Reads again and again, until there is something. While pages change, reading may fail: that counts as nothing.
 *
 * @param what completes the sentence "waited in vain for …"
 */
export async function until<T>(what: string, read: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + withinMs;
  let reason = '';
  while (Date.now() < deadline) {
    try {
      const found = await read();
      if (found !== undefined) return found;
      reason = '';
    } catch (error) {
      reason = ` (${error instanceof Error ? error.message : String(error)})`;
    }
    await delay(betweenMs);
  }
  throw new Error(`waited in vain for ${what}${reason}`);
}
