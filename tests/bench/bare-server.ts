import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { answerOrders } from './ordered-process.ts';
import type { Statement } from './statements.ts';

// The bare SQL of a check-in: Node's own HTTP server and `pg`, and nothing else. See `startHelper`.

export type BareOrder =
  | { kind: 'listen'; databaseUrl: string; poolMax: number }
  /** What the next requests send to the database: POST /0 the statements of the first, and so on. */
  | { kind: 'load'; requests: readonly (readonly Statement[])[] };

let requests: readonly (readonly Statement[])[] = [];

answerOrders(async (order: BareOrder): Promise<{ url: string }> => {
  if (order.kind === 'load') {
    ({ requests } = order);
    return { url: '' };
  }
  const pool = new pg.Pool({ connectionString: order.databaseUrl, max: order.poolMax });
  const server = createServer((request, response) => {
    const statements = requests[Number(request.url?.slice(1))] ?? [];
    sendAll(pool, statements).then(
      (found) => response.end(String(found)),
      (error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
});

/** @returns whether the last one found a row */
async function sendAll(pool: pg.Pool, statements: readonly Statement[]): Promise<boolean> {
  let found = false;
  for (const statement of statements) found = (await pool.query(statement)).rows.length === 1;
  return found;
}
