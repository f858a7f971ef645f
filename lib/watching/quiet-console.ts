import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { isTold } from './told-errors.ts';

const levels = {
  error: 'error',
  warn: 'warn',
  log: 'debug',
  info: 'debug',
  debug: 'debug',
  trace: 'debug',
} as const;

/** Through these it is printed, whoever prints. */
const between = /async_local_storage|next\/dist\/server\/node-environment/;

/**
 * From now on what Next and other packages print becomes a line of the log: from where, and the facts of an error in it.
 * Its text is left out, because an error's message may hold what somebody entered (PostgreSQL quotes the row that it
 * refuses), and nobody vouches for it.
 */
export function quietConsole(log: Log): void {
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, keyof Log][]) {
    const print = (...parts: unknown[]) => {
      const error = parts.find((part) => part instanceof Error);
      if (error !== undefined && isTold(error)) return;
      const { place } = errorFacts(new Error());
      const printedAt = Array.isArray(place)
        ? place
            .slice(1)
            .filter((at) => typeof at === 'string' && !between.test(at))
            .slice(0, 3)
        : [];
      log[level]({ printedAt, ...(error === undefined ? {} : errorFacts(error)) }, 'something was printed');
    };
    Object.assign(globalThis.console, { [method]: print });
  }
}

/** What nobody caught ends the process, as without us, but says no more of itself than the log may hold. */
export function endOnUncaught(log: Log): void {
  process.on('uncaughtException', (error, origin) => {
    log.error({ origin, ...errorFacts(error) }, 'nobody caught an error; the process ends');
    process.exit(1);
  });
}
