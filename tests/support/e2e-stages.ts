import type { E2eStage } from './e2e-stack.ts';

/** Puts the stages into the environment, which reaches the workers. */
export function giveStages(stages: readonly E2eStage[]): void {
  process.env.E2E_STAGES = JSON.stringify(
    stages.map(({ toolUrl, lmsUrl, platformPort, toolEnv }) => ({ toolUrl, lmsUrl, platformPort, toolEnv })),
  );
}

/** A stage that somebody else has set up (E2E_READY_STAGE), for one worker. */
export function readyStage(): E2eStage | undefined {
  const given = process.env.E2E_READY_STAGE;
  return given === undefined ? undefined : (JSON.parse(given) as E2eStage);
}

/** This worker's stage. */
export function ownStage(): E2eStage {
  const stages = JSON.parse(process.env.E2E_STAGES ?? '[]') as E2eStage[];
  const stage = stages[Number(process.env.TEST_PARALLEL_INDEX ?? 0)];
  if (stage === undefined)
    throw new Error('There is no stage: tests/support/e2e-setup.ts starts the programs.');
  return stage;
}
