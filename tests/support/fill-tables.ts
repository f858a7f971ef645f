import { randomUUID } from 'node:crypto';
import type pg from 'pg';

/** As the database sent it: dates as texts, so that nothing is rounded. */
export type Row = Record<string, unknown>;

interface Column {
  table: string;
  name: string;
  type: string;
  isRequired: boolean;
  hasDefault: boolean;
  /** The table that it points at. */
  target: string | null;
}

/**
 * What stands in columns that take only certain words, or times of a certain form: by the column's name, or by its table's
 * and its own where tables differ.
 */
const words: Readonly<Record<string, string>> = {
  role: 'student',
  time_zone: 'Europe/Berlin',
  time_zone_source: 'default',
  asked_by: 'night',
  'roster_syncs.source': 'nrps',
  'attendance_records.source': 'check-in',
  'attendance_records.status': 'present',
  'check_ins.outcome': 'checked-in',
  via: 'scan',
  'check_in_reviews.decision': 'fine',
  direction: 'in',
  'excuses.reason': 'illness',
  'excuses.state': 'submitted',
  media_type: 'application/pdf',
  'messages.kind': 'absence',
  'message_opt_outs.kind': 'absence',
  local_start: '2026-11-02T09:00',
  local_end: '2026-11-02T10:30',
};

/** What no row has of itself: an end, an error, or another row that it gave way to. */
const staysEmpty =
  /^(disabled_at|revoked_at|erased_at|retired_at|merged_into|replaces_meeting_id|resolution|departures_held)$/;

/**
 * Puts rows into every table of this database, whatever its tables are: of each one that has only what it must have, and
 * one that has all it can; each points at its like in other tables.
 */
export async function fillTables(
  client: pg.ClientBase,
  own: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const columns = await readColumns(client);
  const tables = Map.groupBy(columns, ({ table }) => table);
  const keys = new Map<string, [string, string]>();
  const keyOf = (table: string, like: 0 | 1): string => {
    let pair = keys.get(table);
    if (pair === undefined) keys.set(table, (pair = [randomUUID(), randomUUID()]));
    return pair[like];
  };
  for (const table of inOrder(tables)) {
    for (const like of [0, 1] as const) {
      const filled = (tables.get(table) ?? []).filter(
        ({ isRequired, hasDefault, name, target }) =>
          !hasDefault &&
          !staysEmpty.test(name) &&
          (isRequired || like === 1 || (target !== null && target !== table)),
      );
      const values = filled.map(({ name, type, target }) => {
        const given = own[`${table}.${name} ${String(like)}`];
        if (given !== undefined) return given;
        // Two people who are perhaps one.
        if (name === 'other_person_id') return keyOf('people', like === 0 ? 1 : 0);
        if (target !== null) return keyOf(target, like);
        if (name === 'id') return keyOf(table, like);
        return valueOf(table, name, type, like);
      });
      const names = filled.map(({ name }) => `"${name}"`).join(', ');
      const places = filled.map((_, index) => `$${String(index + 1)}`).join(', ');
      await client.query(`insert into "${table}" (${names}) values (${places})`, values);
    }
  }
}

function valueOf(table: string, name: string, type: string, like: 0 | 1): unknown {
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'text':
      return words[`${table}.${name}`] ?? words[name] ?? `${table} ${name} ${String(like)}`;
    case 'timestamp with time zone':
      return /end|to_at|clos|expire|until|due/.test(name)
        ? '2026-11-02T09:30:00.123456Z'
        : '2026-11-02T08:00:00.654321Z';
    case 'date':
      return '2026-11-02';
    case 'integer':
    case 'bigint':
      return name === 'step_seconds' ? 15 : like + 1;
    case 'boolean':
      return like === 1;
    case 'jsonb':
      return '{}';
    case 'text[]':
    case 'uuid[]':
      return [];
    default:
      throw new Error(`${table}.${name} is of a kind that nobody has thought of: ${type}`);
  }
}

/** All rows of every table, in a fixed order. */
export async function readTables(client: pg.ClientBase): Promise<Map<string, Row[]>> {
  const found = new Map<string, Row[]>();
  for (const table of new Set((await readColumns(client)).map((column) => column.table))) {
    const { rows } = await client.query<{ row: Row }>(
      `select to_jsonb(t) as row from "${table}" t order by t::text`,
    );
    found.set(
      table,
      rows.map(({ row }) => row),
    );
  }
  return found;
}

/** Every column, constraint and index, one a line: two databases with the same lines have the same schema. */
export async function listSchema(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    select format('%s.%s %s%s default %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end, coalesce(pg_get_expr(d.adbin, d.adrelid), 'none')) as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
      where connamespace = 'public'::regnamespace
    union all select pg_get_indexdef(indexrelid) from pg_index where indrelid in
      (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')
    order by line`);
  return rows.map(({ line }) => line);
}

async function readColumns(client: pg.ClientBase): Promise<Column[]> {
  const { rows } = await client.query<Column>(`
    select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as "isRequired", a.atthasdef as "hasDefault", target.relname as target
    from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f' and f.conkey = array[a.attnum]
      left join pg_class target on target.oid = f.confrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname, a.attnum`);
  return rows;
}

/** Each table after those that it points at. */
function inOrder(tables: ReadonlyMap<string, readonly Column[]>): string[] {
  const order: string[] = [];
  const waiting = new Set(tables.keys());
  while (waiting.size > 0) {
    const next = [...waiting].filter((table) =>
      (tables.get(table) ?? []).every(
        ({ target }) => target === null || target === table || !waiting.has(target),
      ),
    );
    if (next.length === 0) throw new Error(`these tables point at each other: ${[...waiting].join(', ')}`);
    for (const table of next) waiting.delete(table);
    order.push(...next);
  }
  return order;
}
