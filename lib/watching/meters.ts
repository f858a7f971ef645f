import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { processSingleton } from '../base/process-singleton.ts';

/** How somebody came to be checked in. */
export type CheckInWay = 'scan' | 'typed' | 'helper';

/** The same in every bundle of this process. Labels hold routes, codes and kinds; never an id, an address or a name. */
function createMeters() {
  const registry = new Registry();
  // One port may be several processes' (PM2): each has its own figures.
  registry.setDefaultLabels({ process: String(process.pid) });
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'sk_http_requests_total',
      help: 'Requests answered. Status 499: the other side left before.',
      labelNames: ['method', 'route', 'status'],
      registers,
    }),
    latency: new Histogram({
      name: 'sk_http_request_seconds',
      help: 'From the request to the end of its answer; without live streams.',
      labelNames: ['method', 'route'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    checkIns: new Counter({
      name: 'sk_check_ins_total',
      help: 'Check-ins and check-outs by what came of them.',
      labelNames: ['way', 'outcome'],
      registers,
    }),
    launches: new Counter({
      name: 'sk_launches_total',
      help: 'Launches: signed-in, link-wanted, key-wanted, or the code by which they were refused.',
      labelNames: ['outcome'],
      registers,
    }),
    streams: new Gauge({
      name: 'sk_live_streams',
      help: 'Live streams open: registers and projectors that somebody watches.',
      registers,
    }),
    build: new Gauge({
      name: 'sk_build_info',
      help: 'Always 1; its labels say what runs.',
      labelNames: ['version', 'build', 'node'],
      registers,
    }),
  };
}

export function meters(): ReturnType<typeof createMeters> {
  return processSingleton('meters', createMeters);
}

/** Counts what came of a check-in, and hands it on. */
export function countCheckIn<Result extends { kind: string }>(way: CheckInWay, result: Result): Result {
  meters().checkIns.inc({ way, outcome: result.kind });
  return result;
}

/** @param outcome the kind of a launch that was accepted, or the code of one that was refused */
export function countLaunch(outcome: string): void {
  meters().launches.inc({ outcome });
}
