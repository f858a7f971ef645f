import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLog } from '#lib/base/log.ts';
import { startEmbeddedServer } from '#lib/db/embedded-server.ts';

export interface CrashingPostgres {
  url: string;
  /** An immediate shutdown: nothing is written down, every connection breaks. */
  crash(): Promise<void>;
  /** Starts it again, at the same address; it recovers from its log. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A PostgreSQL that keeps what it has confirmed (`durable`), however it ends. */
export async function startCrashingPostgres(dataDir: string): Promise<CrashingPostgres> {
  const options = { dataDir, log: createLog('silent'), durable: true };
  let server = await startEmbeddedServer(options);
  const { url } = server;
  return {
    url,
    async crash() {
      const lockFile = await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8');
      process.kill(Number(lockFile.split('\n')[0]), 'SIGQUIT');
      await server.stop();
    },
    async start() {
      server = await startEmbeddedServer(options);
      if (server.url !== url) throw new Error('PostgreSQL came back at another address: its port was taken');
    },
    async stop() {
      await server.stop();
    },
  };
}
