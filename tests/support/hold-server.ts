// A process that starts the embedded server and holds it until it is killed. Argument: the data folder.
import { createLog } from '#lib/base/log.ts';
import { startEmbeddedServer } from '#lib/db/embedded-server.ts';

const server = await startEmbeddedServer({
  dataDir: process.argv[2] ?? '',
  log: createLog('silent'),
  durable: false,
});
process.stdout.write(`${server.url}\n`);
process.once('SIGTERM', () => void server.stop());
