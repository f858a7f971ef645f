import type pg from 'pg';

/**
 * Whether something stands between us and the server that lends connections. PostgreSQL says at connect which process
 * serves us; a pooler has to make a number up, because later ones serve us too.
 */
export async function isBehindPooler(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const said = 'processID' in client ? client.processID : undefined;
  return typeof said === 'number' && said !== rows[0]?.pid;
}
