import { is } from 'drizzle-orm';
import { PgTable, getTableConfig } from 'drizzle-orm/pg-core';
import type pg from 'pg';
import * as schema from './schema.ts';

/**
 * What this release would miss in a database that a newer one has changed: tables and columns that are gone, and
 * columns that must be filled and that it does not know. Each in a few words; none: it can work.
 */
export async function findMissing(client: Pick<pg.ClientBase, 'query'>): Promise<string[]> {
  const { rows } = await client.query<{ table: string; column: string; mustBeFilled: boolean }>(`
    select table_name as "table", column_name as "column",
      is_nullable = 'NO' and column_default is null and is_identity = 'NO' and is_generated = 'NEVER' as "mustBeFilled"
    from information_schema.columns where table_schema = current_schema()`);
  const found = Map.groupBy(rows, ({ table }) => table);
  return Object.values(schema)
    .filter((value) => is(value, PgTable))
    .flatMap((table) => {
      const { name, columns } = getTableConfig(table);
      const there = found.get(name);
      if (there === undefined) return [`the table ${name} is gone`];
      const known = new Set(columns.map((column) => column.name));
      const names = new Set(there.map(({ column }) => column));
      return [
        ...[...known]
          .filter((column) => !names.has(column))
          .map((column) => `the column ${name}.${column} is gone`),
        ...there
          .filter(({ column, mustBeFilled }) => mustBeFilled && !known.has(column))
          .map(({ column }) => `the column ${name}.${column} must be filled`),
      ];
    });
}
