import { runInNewContext } from 'node:vm';

/**
 * Runs work that computes and may not end (a calendar's rule that fits no day). It is broken off after the time given.
 *
 * @returns undefined when it was broken off
 */
export function withinTime<T>(ms: number, work: () => T): { done: T } | undefined {
  try {
    return { done: runInNewContext('work()', { work }, { timeout: ms }) as T };
  } catch (error) {
    // Thrown in the other context, so that it is no Error of ours.
    const code = (error as { code?: unknown } | null)?.code;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
