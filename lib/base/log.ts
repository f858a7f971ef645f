import { pino } from 'pino';
import { processSingleton } from './process-singleton.ts';

/** What a use case may say to the operator: codes, ids and counts, never personal data. */
export interface Log {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(facts: object): Log;
}

export function createLog(level: string): Log {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
}

export function processLog(level: string): Log {
  return processSingleton('log', () => createLog(level));
}

/** What of an error may be logged: its name, code and place; messages of libraries can hold data. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? { cause: errorFacts(error.cause) } : {};
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const place = error.stack
    ?.split('\n')
    .map((line) => line.trim())
    // A message, which comes first, may have lines that begin like a place.
    .filter((line) => /^at .*(:\d+|<anonymous>|native)\)?$/.test(line))
    .slice(0, 8);
  return { error: error.name, ...code, place, ...cause };
}
