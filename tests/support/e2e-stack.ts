import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startStack } from '../../scripts/stack.ts';
import type { Stack } from '../../scripts/stack.ts';
import { freePort } from './free-port.ts';
import { startPgBouncer } from './pgbouncer.ts';

/** What half of the stories, or all of them, play in. */
export interface E2eStage {
  toolUrl: string;
  lmsUrl: string;
  /** For a platform of a test's own, which the tool may reach on this machine. */
  platformPort: number;
  /** What the tool was started with; a command beside it wants the same. */
  toolEnv: NodeJS.ProcessEnv;
}

function logFolderOf(index: number): string {
  return resolve(`test-results/logs/e2e-${String(index)}`);
}

/** What the tool of a stage has logged. */
export function logFileOf(index: number): string {
  return join(logFolderOf(index), 'tool.log');
}

/**
 * The built tool and the demo LMS, with a database that nobody has used, for one run of the e2e tests.
 *
 * With TEST_POOLER=transaction the tool's statements go by PgBouncer.
 *
 * @param index each half has its own: a count on a screen means something only where nobody else plays
 */
export async function startE2eStack(index = 0): Promise<Stack & E2eStage> {
  const dataDir = resolve(`.data/test/e2e-${String(process.pid)}-${String(index)}`);
  const [port, demoPort, platformPort] = [await freePort(), await freePort(), await freePort()];
  const stack = await startStack({
    dataDir,
    logDir: logFolderOf(index),
    port,
    demoPort,
    control: true,
    durable: false,
    ...(process.env.TEST_POOLER === 'transaction' && {
      poolerBefore: (url) => startPgBouncer(url, { poolSize: 5 }),
    }),
    moreToolEnv: {
      ALLOW_PRIVATE_HOSTS: [demoPort, platformPort].map((one) => `127.0.0.1:${String(one)}`).join(','),
    },
  });
  return {
    ...stack,
    platformPort,
    stop: async () => {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
