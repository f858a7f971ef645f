import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { AggregatorRegistry } from 'prom-client';
import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { processSingleton } from '../base/process-singleton.ts';
import { onShutdown } from '../base/shutdown.ts';
import { meters } from './meters.ts';

/** How old the figures of the other processes may be when one is asked. */
const everyMs = 5_000;
/** A process that has not written for so long has ended, or does not get round to anything. */
const staleMs = 3 * everyMs;

const shared = processSingleton('shared-metrics', () => ({ folder: undefined as string | undefined }));

/**
 * Lays this process' figures where the others of its port find them: with PM2 several processes take turns at one port,
 * and whichever is asked answers for all. Machines that share a disk do not mix, each is asked by itself.
 */
export async function shareMetrics(place: { dataDir: string; port: number; log: Log }): Promise<void> {
  const folder = join(place.dataDir, 'metrics', `${hostname()}-${String(place.port)}`);
  const file = join(folder, `${String(process.pid)}.json`);
  const write = async () => {
    await writeFile(`${file}.new`, JSON.stringify(await meters().registry.getMetricsAsJSON()), {
      mode: 0o600,
    });
    await rename(`${file}.new`, file);
  };
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await forgetEnded(folder);
    await write();
  } catch (error) {
    place.log.warn(errorFacts(error), 'metrics cannot be shared between processes: each answers for itself');
    return;
  }
  shared.folder = folder;
  let writing = Promise.resolve();
  const timer = setInterval(() => {
    // A full disk is no reason to say so every five seconds: the file grows stale, and is left out.
    writing = write().catch(() => undefined);
  }, everyMs);
  timer.unref();
  onShutdown(async () => {
    clearInterval(timer);
    await writing;
    await rm(file, { force: true });
  });
}

/** The figures of all processes of this port, as Prometheus reads them; the label `process` tells them apart. */
export async function writeMetrics(): Promise<string> {
  const { registry } = meters();
  const all = [await registry.getMetricsAsJSON(), ...(await readOthers())];
  // Some of Node's own are left out, or averaged, where processes are added up. Here they stand side by side.
  for (const metric of all.flat()) Object.assign(metric, { aggregator: 'sum' });
  return AggregatorRegistry.aggregate(all).metrics();
}

async function readOthers(): Promise<object[][]> {
  const { folder } = shared;
  if (folder === undefined) return [];
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.endsWith('.json') && name !== `${String(process.pid)}.json`,
  );
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        const path = join(folder, name);
        if (Date.now() - (await stat(path)).mtimeMs > staleMs) return undefined;
        return JSON.parse(await readFile(path, 'utf8')) as object[];
      } catch {
        // It has just ended.
        return undefined;
      }
    }),
  );
  return found.filter((one) => one !== undefined);
}

/** What killed processes left. */
async function forgetEnded(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > staleMs) await rm(path, { force: true });
  }
}
