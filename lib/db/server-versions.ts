import type pg from 'pg';
import { DatabaseSetupError } from './database-setup-error.ts';

/** The oldest and the newest major version of PostgreSQL on which the tests run. */
export const oldestServer = 13;
export const newestServer = 18;

/**
 * @returns a sentence where the server is newer than any that was tested
 * @throws DatabaseSetupError an older one than was tested
 */
export async function judgeVersion(client: Pick<pg.ClientBase, 'query'>): Promise<string[]> {
  const { name, major } = await readVersion(client);
  if (major < oldestServer) {
    throw new DatabaseSetupError(
      `The database runs PostgreSQL ${name}. This program needs ${String(oldestServer)} or later.`,
    );
  }
  return major > newestServer
    ? [`The database runs PostgreSQL ${name}; the program was tested up to ${String(newestServer)}.`]
    : [];
}

export async function readVersion(
  client: Pick<pg.ClientBase, 'query'>,
): Promise<{ name: string; major: number }> {
  const { rows } = await client.query<{ name: string; number: number }>(
    `select current_setting('server_version') as name, current_setting('server_version_num')::int as number`,
  );
  return { name: rows[0]?.name ?? '', major: Math.floor((rows[0]?.number ?? 0) / 10_000) };
}
