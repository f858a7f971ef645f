import { TLSSocket } from 'node:tls';
import pg from 'pg';
import type { TableOwner } from '../base/table-owner.ts';
import { lineTo } from './address.ts';
import type { DatabaseAddress } from './address.ts';
import { isForbidden, readMigrations, readOwner } from './migrate.ts';
import type { MigrationState } from './migrate.ts';
import { isBehindPooler } from './pooler.ts';
import { newestServer, oldestServer, readVersion } from './server-versions.ts';

export interface DatabaseFacts {
  /** As the server says it: "18.4". */
  version: string;
  isSupported: 'yes' | 'too-old' | 'newer-than-tested';
  role: string;
  /** Whether the role may make schemas and tables, as migrations and the queue do. */
  mayMigrate: boolean;
  /** Where another role has set the tables up, and this one may not look: that role. */
  migrations: MigrationState | { ofOwner: TableOwner };
  /** What the server has for everybody, without what it keeps for administrators, and what this role may have of it. */
  connections: { most: number; mostOfRole: number | undefined; used: number };
  /** What the server gives a statement of this role; undefined: no end. */
  statementWithinMs: number | undefined;
  /** What it has confirmed is still there after a crash. */
  isDurable: boolean;
  /** Something stands between that lends connections. */
  isPooled: boolean;
  /** How our own end of the line is encrypted: "TLSv1.3". Undefined: not at all. */
  tls: string | undefined;
}

/**
 * What an operator should know of a database, by one connection of its own, which is made as all others are.
 *
 * @throws whatever keeps the connection from being made: that is the first thing to know
 */
export async function inspectDatabase(address: DatabaseAddress): Promise<DatabaseFacts> {
  const client = new pg.Client({
    ...lineTo(address),
    application_name: 'sk-attendance doctor',
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { name: version, major } = await readVersion(client);
    const { rows } = await client.query<{
      role: string;
      mayMigrate: boolean;
      most: number;
      ofRole: number;
      used: number;
      timeout: number;
      isDurable: boolean;
    }>(`
      select current_user as role,
        has_database_privilege(current_database(), 'create')
          and coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayMigrate",
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int as most,
        (select rolconnlimit from pg_roles where rolname = current_user) as "ofRole",
        -- Of others a plain role is not told what kind they are; that they have a role and a database it sees.
        (select count(*)::int from pg_stat_activity where coalesce(backend_type, 'client backend') = 'client backend'
          and usesysid is not null and datid is not null) as used,
        (select setting::int from pg_settings where name = 'statement_timeout') as timeout,
        current_setting('fsync')::boolean and current_setting('synchronous_commit') <> 'off' as "isDurable"`);
    const [said] = rows;
    if (said === undefined) throw new Error('the database did not tell of itself');
    const { stream } = client.connection;
    return {
      version,
      isSupported: major < oldestServer ? 'too-old' : major > newestServer ? 'newer-than-tested' : 'yes',
      role: said.role,
      mayMigrate: said.mayMigrate,
      migrations: await readMigrations(client).catch(async (error: unknown) => {
        const ofOwner = isForbidden(error) ? await readOwner(client) : undefined;
        if (ofOwner === undefined) throw error;
        return { ofOwner };
      }),
      connections: {
        most: said.most,
        mostOfRole: said.ofRole === -1 ? undefined : said.ofRole,
        used: said.used,
      },
      statementWithinMs: said.timeout === 0 ? undefined : said.timeout,
      isDurable: said.isDurable,
      isPooled: await isBehindPooler(client),
      tls: stream instanceof TLSSocket ? (stream.getProtocol() ?? undefined) : undefined,
    };
  } finally {
    await client.end();
  }
}
