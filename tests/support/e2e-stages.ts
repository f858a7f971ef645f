import { test } from '@playwright/test';
import type { E2eStage } from './e2e-stack.ts';

/** Puts the stages into the environment, which reaches the workers. */
export function giveStages(stages: readonly E2eStage[]): void {
  process.env.E2E_STAGES = JSON.stringify(
    stages.map(({ toolUrl, lmsUrl, platformPort, toolEnv }) => ({ toolUrl, lmsUrl, platformPort, toolEnv })),
  );
}

/** A stage that somebody else has set up (E2E_READY_STAGE), for all of them. */
export function readyStage(): E2eStage | undefined {
  const given = process.env.E2E_READY_STAGE;
  return given === undefined ? undefined : (JSON.parse(given) as E2eStage);
}

/** The stage of the test's own half, whichever worker plays it. */
export function ownStage(): E2eStage {
  const stages = JSON.parse(process.env.E2E_STAGES ?? '[]') as E2eStage[];
  const { config, project } = test.info();
  const half = config.projects.findIndex(({ name }) => name === project.name);
  const stage = stages[half] ?? stages[0];
  if (stage === undefined)
    throw new Error('There is no stage: tests/support/e2e-setup.ts starts the programs.');
  return stage;
}
