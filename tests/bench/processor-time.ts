import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'drizzle-orm';
import type { Db } from '#lib/db/client.ts';

// What Linux knows of processes: proc(5), times in ticks of 10 ms.

/** The processor time that a process has used so far, in milliseconds. */
export async function processorMs(pid: number): Promise<number> {
  const { user, system } = await readStat(pid);
  return (user + system) * 10;
}

/** The memory that a process holds now, in MB. */
export async function memoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000;
}

/** The process that starts all others of the PostgreSQL on this machine. */
export async function serverPid(db: Db): Promise<number> {
  const { rows } = await db.execute<{ pid: number }>(
    sql`select pid from pg_stat_activity where backend_type = 'checkpointer'`,
  );
  return (await readStat(rows[0]?.pid ?? Number.NaN)).parent;
}

/** The processor time of PostgreSQL with all its processes, also those that have ended, in milliseconds. */
export async function serverProcessorMs(pid: number): Promise<number> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  // One that ends meanwhile counts among its parent's.
  const stats = await Promise.all(all.map((one) => readStat(one).catch(() => undefined)));
  let ticks = 0;
  for (const [index, stat] of stats.entries()) {
    if (stat?.parent === pid) ticks += stat.user + stat.system;
    if (stat !== undefined && all[index] === pid) ticks += stat.user + stat.system + stat.ofEnded;
  }
  return ticks * 10;
}

interface Stat {
  parent: number;
  user: number;
  system: number;
  ofEnded: number;
}

async function readStat(pid: number): Promise<Stat> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // The second field is a name, in brackets, and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const at = (index: number) => Number(fields[index]);
  return { parent: at(1), user: at(11), system: at(12), ofEnded: at(13) + at(14) };
}
