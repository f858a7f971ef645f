import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './checks.ts';
import type { Check, HeldClass } from './checks.ts';
import { loadDuring } from './reload-under-load.ts';
import type { LoadReport, LoadTarget } from './reload-under-load.ts';
import type { Stand } from './stand.ts';

/** Before, between and after what happens, so that it meets a full load. */
const runUpMs = 1_500;

/** What nobody may notice (a reload), and what nobody may lose anything by (a killed process). */
export async function reloadChecks(
  stand: Pick<Stand, 'toolUrl' | 'authority' | 'pm2'>,
  held: HeldClass,
  reloads: number,
): Promise<Check[]> {
  const ca = await readFile(stand.authority.authorityFile, 'utf8');
  // Each check marks members of its own; the first one is others'.
  const [, ...members] = held.membershipIds;
  const half = Math.floor(members.length / 2);
  const target = (from: number, to?: number): LoadTarget => ({
    ...{ url: stand.toolUrl, ca, path: held.path, headers: held.headers },
    membershipIds: members.slice(from, to),
  });
  const { pm2 } = stand;
  return [
    {
      name: `${String(reloads)} reloads under load`,
      work: async () => {
        const before = await pm2.list();
        const report = await loadDuring(target(0, half), async () => {
          await delay(runUpMs);
          for (let done = 0; done < reloads; done += 1) {
            await pm2.reload();
            await delay(runUpMs);
          }
        });
        const after = await pm2.untilOnline(before.length);
        const stayed = after.filter(({ pid }) => before.some((one) => one.pid === pid));
        assert.deepEqual(stayed, [], 'a process was not replaced');
        assert.deepEqual(report.failures, {}, tell(report));
        assert.equal(report.lost, 0, tell(report));
        assert.ok(report.reopened > 0, 'no live stream was ended by a reload');
        return tell(report);
      },
    },
    {
      name: 'a killed process',
      work: async () => {
        const before = await pm2.untilOnline(2);
        const [killed] = before;
        assert.ok(killed !== undefined);
        const report = await loadDuring(target(half), async () => {
          await delay(runUpMs);
          process.kill(killed.pid, 'SIGKILL');
          await until(
            'the killed process',
            async () => {
              const now = await pm2.list();
              const online = now.filter(({ status }) => status === 'online');
              return online.length === before.length && online.every(({ pid }) => pid !== killed.pid);
            },
            60_000,
          );
          await delay(runUpMs);
        });
        assert.equal(report.lost, 0, tell(report));
        // What it was just answering is lost to its askers, and nothing else is.
        const failures = Object.values(report.failures).reduce((sum, count) => sum + count, 0);
        assert.ok(failures < report.requests / 10, tell(report));
        return `came back; ${tell(report)}`;
      },
    },
  ];
}

function tell({ requests, marks, failures, lost, reopened, slowestMs }: LoadReport): string {
  const failed = Object.entries(failures).map(([what, count]) => `${what} × ${String(count)}`);
  return [
    `${String(requests)} requests, ${String(marks)} marks acknowledged and ${String(lost)} of them lost`,
    `${String(reopened)} live streams came back`,
    `slowest ${String(slowestMs)} ms`,
    failed.length === 0 ? 'no failure' : failed.join(', '),
  ].join('; ');
}
