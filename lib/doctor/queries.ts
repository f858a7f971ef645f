import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { courses, deployments, platforms } from '../db/schema.ts';
import type { CanvasApi } from '../rosters/canvas-api.ts';
import type { QueueFacts } from './rules.ts';

/** A course of the installation that the settings name, by its number in Canvas. */
export async function selectCanvasCourseId(db: Db, api: CanvasApi): Promise<string | undefined> {
  const [row] = await db
    .select({ canvasCourseId: courses.canvasCourseId })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .where(
      and(
        eq(platforms.issuer, api.issuer),
        eq(platforms.clientId, api.clientId),
        eq(deployments.deploymentId, api.deploymentId),
        isNotNull(courses.canvasCourseId),
      ),
    )
    .limit(1);
  return row?.canvasCourseId ?? undefined;
}

const asksOfPing = 3;

/** What a statement takes to and fro at its best, in milliseconds: under load one answer may be late. */
export async function pingDatabase(db: Db): Promise<number> {
  let best = Infinity;
  for (let asked = 0; asked < asksOfPing; asked += 1) {
    const began = performance.now();
    await db.execute(sql`select 1`);
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

/** How the queue is. Its tables belong to pg-boss, which makes them at the first start. */
export async function selectQueueFacts(db: Db): Promise<QueueFacts> {
  const there = await db.execute<{ there: boolean }>(
    sql`select to_regclass('pgboss.job') is not null as there`,
  );
  if (there.rows[0]?.there !== true) return { schedules: undefined, failures: [], lateMs: 0 };
  const schedules = await db.execute<{ name: string }>(sql`select distinct name from pgboss.schedule`);
  const failures = await db.execute<{ name: string; count: number }>(sql`
    select name, count(*)::int as count from pgboss.job
    where state = 'failed' and completed_on > now() - interval '1 day'
    group by name order by name`);
  const late = await db.execute<{ ms: number }>(sql`
    select coalesce(extract(epoch from now() - min(start_after)) * 1000, 0)::float8 as ms from pgboss.job
    where state in ('created', 'retry') and start_after < now()`);
  return {
    schedules: schedules.rows.map(({ name }) => name),
    failures: failures.rows,
    lateMs: late.rows[0]?.ms ?? 0,
  };
}
