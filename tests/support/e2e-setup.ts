import type { FullConfig } from '@playwright/test';
import { startE2eStack } from './e2e-stack.ts';
import { giveStages } from './e2e-stages.ts';

/** Playwright's global set-up: each worker gets a stage of its own. */
export default async function setup({ workers }: FullConfig): Promise<() => Promise<void>> {
  const stacks = await Promise.all(Array.from({ length: workers }, (_, index) => startE2eStack(index)));
  giveStages(stacks);
  return async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
  };
}
