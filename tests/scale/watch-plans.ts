import { sql } from 'drizzle-orm';
import pg from 'pg';
import { openDatabase } from '#lib/db/client.ts';
import type { Db } from '#lib/db/client.ts';

/** How PostgreSQL carried a statement out, as it told while it did: not a guess, nor a second try. */
export interface CarriedOut {
  text: string;
  /** Pages of 8 kB that it touched, in memory or not: what does not depend on how busy the machine is. */
  pages: number;
  /** Rows of tables that it looked at, whether or not they were what it wanted: the same by whichever index it went. */
  rows: number;
  ms: number;
  /** Tables that were read from end to end. */
  scanned: string[];
  plan: PlanNode;
}

export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

interface ToldPlan {
  'Query Text': string;
  Plan: PlanNode;
}

/** Every statement tells its plan to whoever sent it, and so do those that foreign keys send by themselves. */
const explainAll = `load 'auto_explain';
  set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on; set auto_explain.log_buffers = on;
  set auto_explain.log_timing = off; set auto_explain.log_nested_statements = on; set auto_explain.log_format = 'json';
  set auto_explain.log_level = 'notice'; set auto_explain.log_parameter_max_length = 0`;

/** Everything that a transaction sends while something is done. */
export type During = (tx: Db, act: () => Promise<unknown>) => Promise<CarriedOut[]>;

const settling = 'select 1 as settled';

/** Within a transaction a statement ends, and tells its plan, when the next one comes. */
const settle = (tx: Db) => tx.execute(sql.raw(settling));

/**
 * The tool's database, with what each statement came to. Needs a superuser.
 *
 * @param settings the planner's, where a test asks what it could do and not what it does
 */
export async function watchPlans<T>(
  url: string,
  work: (database: { db: Db; during: During }) => Promise<T>,
  settings = '',
): Promise<T> {
  const database = openDatabase(url, { poolMax: 4, onIdleError: () => undefined });
  let told: CarriedOut[] = [];
  database.pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => {
      const begin = message.indexOf('plan:\n');
      if (begin >= 0) told.push(read(message, begin + 'plan:\n'.length));
    });
    // Sent before what the connection was opened for.
    client.query(`${explainAll}; ${settings}`).catch(() => undefined);
  });
  try {
    return await work({
      db: database.db,
      during: async (tx, act) => {
        await settle(tx);
        told = [];
        await act();
        await settle(tx);
        return told.filter(({ text }) => text !== settling);
      },
    });
  } finally {
    await database.close();
  }
}

function read(message: string, at: number): CarriedOut {
  const { 'Query Text': text, Plan: plan } = JSON.parse(message.slice(at)) as ToldPlan;
  return {
    text: text.replaceAll(/\s+/g, ' ').trim(),
    pages: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
    rows: [...nodesOf(plan)].reduce((sum, node) => sum + rowsOf(node), 0),
    ms: Number(/duration: ([\d.]+) ms/.exec(message)?.[1] ?? Number.NaN),
    scanned: [...nodesOf(plan)].flatMap((node) =>
      node['Node Type'] === 'Seq Scan' && (node['Actual Loops'] ?? 0) > 0
        ? [node['Relation Name'] ?? '']
        : [],
    ),
    plan,
  };
}

/** What a scan of a table looked at. PostgreSQL tells averages of all times that it was done. */
function rowsOf(node: PlanNode): number {
  if (node['Relation Name'] === undefined || !node['Node Type'].endsWith('Scan')) return 0;
  const once =
    (node['Actual Rows'] ?? 0) +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return once * (node['Actual Loops'] ?? 0);
}

export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const inner of plan.Plans ?? []) yield* nodesOf(inner);
}

/** How large each table is, in pages of 8 kB. */
export async function tablePages(url: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; pages: number }>(
      `select relname as name, relpages as pages from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    return new Map(rows.map(({ name, pages }) => [name, pages]));
  } finally {
    await client.end();
  }
}
