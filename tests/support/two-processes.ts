// Two processes of the tool on one port, as PM2's cluster mode starts them. They end when this one does.
import cluster from 'node:cluster';
import { resolve } from 'node:path';

cluster.setupPrimary({ exec: resolve('scripts/start.ts'), args: ['--host', '127.0.0.1'] });
cluster.fork();
cluster.fork();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
  });
}
