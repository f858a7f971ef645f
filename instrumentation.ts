/** Starts what lives as long as the process: database, keys, jobs, live notices. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { startProcess } = await import('#lib/http/start-process.ts');
  await startProcess();
}
