import pg from 'pg';
import type { Db } from '#lib/db/client.ts';
import { openDatabase } from '#lib/db/client.ts';

/** A statement as the driver sends it. */
export interface Statement {
  text: string;
  values: unknown[];
  /** A statement that the database keeps prepared. */
  name?: string | undefined;
}

/** Everything that is sent to the database while something is done. */
export async function recordStatements(
  databaseUrl: string,
  act: (db: Db) => Promise<unknown>,
): Promise<Statement[]> {
  const database = openDatabase(databaseUrl, { poolMax: 4, onIdleError: () => undefined });
  const sent: Statement[] = [];
  database.pool.on('connect', (client) => {
    const send = client.query.bind(client) as (...given: unknown[]) => unknown;
    client.query = ((...given: unknown[]) => {
      const [what, values] = given as [string | Statement, unknown[] | undefined];
      sent.push({
        text: typeof what === 'string' ? what : what.text,
        values: values ?? (typeof what === 'string' ? [] : what.values),
        ...(typeof what !== 'string' && { name: what.name }),
      });
      return send(...given);
    }) as typeof client.query;
  });
  try {
    await act(database.db);
  } finally {
    await database.close();
  }
  return sent;
}

/** The bare SQL of something: the same statements, one after another, through `pg` alone. */
export async function openReplay(
  databaseUrl: string,
): Promise<{ send(statements: readonly Statement[]): Promise<void>; close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  return {
    send: async (statements) => {
      for (const statement of statements) await client.query(statement);
    },
    close: () => client.end(),
  };
}
