import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { excuseFiles, messages, people } from '../db/schema.ts';

/** What is backed up: the tool's tables, and the list of its migrations. The queue's own (`pgboss`) is not. */
export const schemas = ['public', 'drizzle'] as const;

/** Everything that follows in this transaction, and whoever is given the name, sees the database of this moment. */
export async function beginSnapshot(db: Db): Promise<string> {
  await db.execute(sql`set transaction isolation level repeatable read, read only`);
  const { rows } = await db.execute<{ name: string }>(sql`select pg_export_snapshot() as name`);
  return rows[0]?.name ?? '';
}

/** The server's major version. */
export async function selectServerMajor(db: Db): Promise<number> {
  const { rows } = await db.execute<{ number: string }>(
    sql`select current_setting('server_version_num') as number`,
  );
  return Math.floor(Number(rows[0]?.number) / 10_000);
}

const inSchemas = sql`schemaname in (${sql.join(
  schemas.map((name) => sql`${name}`),
  sql`, `,
)})`;

/** How many rows each table has, by `schema.table`. */
export async function countRows(db: Db): Promise<Record<string, number>> {
  const tables = await db.execute<{ schemaname: string; tablename: string }>(
    sql`select schemaname, tablename from pg_tables where ${inSchemas} order by 1, 2`,
  );
  const counts: Record<string, number> = {};
  for (const { schemaname, tablename } of tables.rows) {
    const table = sql`${sql.identifier(schemaname)}.${sql.identifier(tablename)}`;
    const { rows } = await db.execute<{ count: string }>(sql`select count(*) as count from ${table}`);
    counts[`${schemaname}.${tablename}`] = Number(rows[0]?.count);
  }
  return counts;
}

/** Documents that somebody may still open. None where the schema is older than they are. */
export async function selectKeptDocuments(db: Db): Promise<{ key: string; bytes: number }[]> {
  const { rows } = await db.execute<{ there: boolean }>(
    sql`select to_regclass('public.excuse_files') is not null as there`,
  );
  if (rows[0]?.there !== true) return [];
  return db
    .select({ key: excuseFiles.objectKey, bytes: excuseFiles.bytes })
    .from(excuseFiles)
    .where(sql`stored_at is not null and discarded_at is null and removed_at is null`)
    .orderBy(excuseFiles.objectKey);
}

/** None where the schema is older than erasure is. */
export async function selectErasedPeople(db: Db): Promise<string[]> {
  const { rows } = await db.execute(sql`select 1 from information_schema.columns
    where table_schema = 'public' and table_name = 'people' and column_name = 'erased_at'`);
  if (rows.length === 0) return [];
  const erased = await db
    .select({ id: people.id })
    .from(people)
    .where(sql`erased_at is not null`)
    .orderBy(people.id);
  return erased.map(({ id }) => id);
}

/** Makes the place for the list of migrations: what is restored by schema brings the tables alone. */
export async function createSchemas(db: Db): Promise<void> {
  for (const name of schemas) await db.execute(sql`create schema if not exists ${sql.identifier(name)}`);
}

/** Mails that waited when the backup was taken: nobody knows whether they have been sent since. */
export async function dropWaitingMessages(db: Db, now: Date): Promise<number> {
  const { rowCount } = await db
    .update(messages)
    .set({ droppedAt: now, dropReason: 'outdated' })
    .where(sql`sent_at is null and dropped_at is null`);
  return rowCount ?? 0;
}

/** Whoever plans a statement knows how large the tables are, which a restored database has yet to find out. */
export async function analyze(db: Db): Promise<void> {
  await db.execute(sql`analyze`);
}
