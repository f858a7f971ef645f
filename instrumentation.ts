import type { Instrumentation } from 'next';

/** Starts what lives as long as the process: database, keys, jobs, live notices. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { reportingStart } = await import('#lib/base/startup.ts');
  const { startProcess } = await import('#lib/http/start-process.ts');
  await reportingStart(startProcess);
}

/** Errors that pages, actions and route handlers let through. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { tellRequestError } = await import('#lib/http/tell-request-error.ts');
  tellRequestError(error, request, context);
};
