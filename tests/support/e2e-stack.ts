import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { startStack } from '../../scripts/stack.ts';
import type { Stack } from '../../scripts/stack.ts';
import { freePort } from './free-port.ts';

/** The built tool and the demo LMS, with a database that nobody has used, for one run of the e2e tests. */
export async function startE2eStack(): Promise<Stack & { platformPort: number }> {
  const dataDir = resolve(`.data/test/e2e-${String(process.pid)}`);
  // The last is for a platform of a test's own, which the tool may reach on this machine.
  const [port, demoPort, platformPort] = [await freePort(), await freePort(), await freePort()];
  const stack = await startStack({
    dataDir,
    logDir: resolve('test-results/logs'),
    port,
    demoPort,
    control: true,
    durable: false,
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
