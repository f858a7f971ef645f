import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { startStack } from '../../scripts/stack.ts';
import type { Stack } from '../../scripts/stack.ts';

/** The built tool and the demo LMS, with a database that nobody has used, for one run of the e2e tests. */
export async function startE2eStack(): Promise<Stack> {
  const dataDir = resolve(`.data/test/e2e-${String(process.pid)}`);
  const [port, demoPort] = [await freePort(), await freePort()];
  const stack = await startStack({
    dataDir,
    logDir: resolve('test-results/logs'),
    port,
    demoPort,
    control: true,
    durable: false,
  });
  return {
    ...stack,
    stop: async () => {
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The addresses stand in settings and registrations, so they are chosen before anything starts. */
function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) done(address.port);
      });
    });
  });
}
