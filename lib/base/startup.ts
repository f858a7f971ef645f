import { processSingleton } from './process-singleton.ts';

const started = processSingleton('startup', () => {
  const resolvers = Promise.withResolvers<undefined>();
  // Where nobody waits (next dev), a failed start is not an unhandled rejection on top.
  resolvers.promise.catch(() => undefined);
  return resolvers;
});

/**
 * Runs the start of the process and lets `processStarted` know how it went. Next itself, in production,
 * neither waits for instrumentation nor ends when it fails: it would go on and fail at every request.
 */
export async function reportingStart(start: () => Promise<void>): Promise<void> {
  try {
    await start();
    started.resolve(undefined);
  } catch (error) {
    started.reject(error);
    throw error;
  }
}

/** Resolves when the process can answer; rejects with what kept it from starting. */
export function processStarted(): Promise<unknown> {
  return started.promise;
}
