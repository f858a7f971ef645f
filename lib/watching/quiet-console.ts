import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { isTold, noteTold } from './told-errors.ts';

const levels = {
  error: 'error',
  warn: 'warn',
  log: 'info',
  info: 'info',
  debug: 'debug',
  trace: 'debug',
} as const;

/**
 * From now on what Next and other packages print becomes a line of the log: which method, from where, and the facts of
 * errors in it. Their text is left out, because an error's message may hold what somebody entered (PostgreSQL quotes the
 * row that it refuses), and nobody vouches for it.
 */
export function quietConsole(log: Log): void {
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, keyof Log][]) {
    const print = (...parts: unknown[]) => {
      const errors = parts.filter((part) => part instanceof Error);
      if (errors.length > 0 && errors.every(isTold)) return;
      for (const error of errors) noteTold(error);
      const [error] = errors;
      const { place } = errorFacts(new Error());
      const printed = Array.isArray(place) ? { printedAt: place.slice(1, 4) as string[] } : {};
      log[level](
        { console: method, ...printed, ...(error === undefined ? {} : errorFacts(error)) },
        'printed',
      );
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
