import { Gauge, Registry } from 'prom-client';
import { processSingleton } from '../base/process-singleton.ts';
import { countJobs } from '../jobs/queue.ts';
import { meters } from '../watching/meters.ts';
import { writeMetrics } from '../watching/share-metrics.ts';
import { checkReadiness } from './check-readiness.ts';
import { currentProcess } from './process.ts';

/** Has the pool read whenever somebody asks. Called once, when the process starts. */
export function watchProcess(): void {
  const { pool } = currentProcess().database;
  const registers = [meters().registry];
  const connections = {
    open: () => pool.totalCount,
    idle: () => pool.idleCount,
    most: () => pool.options.max,
  };
  new Gauge({
    name: 'sk_pool_connections',
    help: 'Connections to the database: open, idle among them, and the most that there may be.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(connections)) this.set({ state }, count());
    },
  });
  new Gauge({
    name: 'sk_pool_waiting',
    help: 'Requests that wait for a connection to the database.',
    registers,
    collect() {
      this.set(pool.waitingCount);
    },
  });
}

/** What all processes have in common: whoever is asked says it, once. */
function createCommon() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    jobs: new Gauge({
      name: 'sk_jobs',
      help: 'Background work by kind: waiting for its turn, active, and failed for good in the last days.',
      labelNames: ['job', 'state'],
      registers,
    }),
    checks: new Gauge({
      name: 'sk_check_ok',
      help: '1: the check of /health/ready passes; 0: it does not.',
      labelNames: ['check'],
      registers,
    }),
  };
}

/** All that Prometheus is told. */
export async function loadMetrics(): Promise<string> {
  const { registry, jobs, checks } = processSingleton('common-meters', createCommon);
  const readiness = await checkReadiness();
  for (const [check, state] of Object.entries(readiness.checks))
    checks.set({ check }, state === 'ok' ? 1 : 0);
  jobs.reset();
  // Without a database there is no queue to be counted; the rest is told all the more.
  const counts = readiness.checks.database === 'ok' ? await countJobs().catch(() => []) : [];
  for (const { name, waiting, active, failed } of counts) {
    jobs.set({ job: name, state: 'waiting' }, waiting);
    jobs.set({ job: name, state: 'active' }, active);
    jobs.set({ job: name, state: 'failed' }, failed);
  }
  return (await writeMetrics()) + (await registry.metrics());
}
