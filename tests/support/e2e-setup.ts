import type { FullConfig } from '@playwright/test';
import { logFileOf, startE2eStack } from './e2e-stack.ts';
import { giveStages, readyStage } from './e2e-stages.ts';
import { readPersonalTexts } from './read-personal-texts.ts';
import { requireSilentLog } from './search-log.ts';

/** Playwright's global set-up: each half of the stories gets a stage of its own, or the one that is there already. */
export default async function setup({ workers, projects }: FullConfig): Promise<() => Promise<void>> {
  const ready = readyStage();
  if (ready !== undefined) {
    giveStages([ready]);
    return () => Promise.resolve();
  }
  const length = Math.min(workers, projects.length);
  const stacks = await Promise.all(Array.from({ length }, (_, index) => startE2eStack(index)));
  giveStages(stacks);
  return async () => {
    // The database is asked while it is there; the log is whole when the tool has stopped.
    const texts = await Promise.all(stacks.map(({ databaseUrl }) => readPersonalTexts(databaseUrl)));
    await Promise.all(stacks.map((stack) => stack.stop()));
    for (const [index, personal] of texts.entries()) await requireSilentLog(logFileOf(index), personal);
  };
}
