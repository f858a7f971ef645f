import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { requirePrograms } from './debian-packages.ts';
import { freePort } from './free-port.ts';

export interface PgBouncer {
  /** The same database, by way of the pooler. */
  urlOf(databaseUrl: string): string;
  stop(): Promise<void>;
}

export interface PgBouncerOptions {
  /** Connections to each database of the server; more clients than that take turns. */
  poolSize: number;
  mode?: 'transaction' | 'session';
  /** Clients that it lets in; the next is sent away. */
  clients?: number;
  /** How long a client may wait for its turn. */
  waitSeconds?: number;
}

const startWithinMs = 10_000;

/** The recipe of docs/database.md, before the server of this address and all its databases, on a free port. */
export async function startPgBouncer(serverUrl: string, options: PgBouncerOptions): Promise<PgBouncer> {
  const { poolSize, mode = 'transaction', clients = 500, waitSeconds = 3 } = options;
  const [program = ''] = requirePrograms([{ name: 'pgbouncer', package: 'pgbouncer' }]);
  const server = new URL(serverUrl);
  const user = decodeURIComponent(server.username);
  const password = decodeURIComponent(server.password);
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  await chmod(folder, 0o755);
  const settings = `
[databases]
* = host=${server.hostname} port=${server.port}${password === '' ? ` user=${user}` : ''}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${String(port)}
unix_socket_dir =
auth_type = ${password === '' ? 'any' : 'scram-sha-256'}
auth_file = ${join(folder, 'userlist.txt')}
pool_mode = ${mode}
default_pool_size = ${String(poolSize)}
max_client_conn = ${String(clients)}
query_wait_timeout = ${String(waitSeconds)}
`;
  await writeFile(join(folder, 'userlist.txt'), `"${user}" "${password}"\n`, { mode: 0o644 });
  await writeFile(join(folder, 'pgbouncer.ini'), settings, { mode: 0o644 });
  const asWhom = process.getuid?.() === 0 ? ['-u', 'postgres'] : [];
  const child = spawn(program, [...asWhom, join(folder, 'pgbouncer.ini')], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const stop = async () => {
    process.off('exit', end);
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      end();
      await ended;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + startWithinMs;
  while (!said.includes('process up')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`PgBouncer did not start: ${said}`);
    }
    await delay(10);
  }
  return {
    urlOf: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return url.href;
    },
    stop,
  };
}
