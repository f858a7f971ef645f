import { processSingleton } from '../base/process-singleton.ts';

const told = processSingleton('told-errors', () => new WeakSet());

/** What the log has told already: Next hands the same error on, to the console too. */
export function noteTold(error: unknown): void {
  if (typeof error === 'object' && error !== null) told.add(error);
}

export function isTold(error: unknown): boolean {
  return typeof error === 'object' && error !== null && told.has(error);
}
