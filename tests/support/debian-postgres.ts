import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { commandLine, findRunAs, serverEnvironment } from '#lib/db/server-account.ts';
import { requirePrograms } from './debian-packages.ts';
import { freePort } from './free-port.ts';

export interface DebianPostgres {
  /** Of a database of this name, made when it is missing, for an account that owns no other. */
  createDatabase(name: string): Promise<string>;
  /** Where psql, pg_dump and the others lie. */
  bin: string;
  version: number;
  stop(): Promise<void>;
}

const versionsFolder = '/usr/lib/postgresql';
const password = 'of-this-test-alone';
const startWithinMs = 30_000;

/** A PostgreSQL of the machine's own packages, on a free port of this machine, for one run. @param folder gone by then */
export async function startDebianPostgres(folder: string): Promise<DebianPostgres> {
  const { version, bin } = findServer();
  const clusterDir = join(folder, 'cluster');
  await mkdir(clusterDir, { recursive: true, mode: 0o700 });
  // Its account passes through; what is in it is closed by itself.
  await chmod(folder, 0o711);
  const runAs = await findRunAs({ clusterDir, parentDir: folder, postgres: join(bin, 'postgres') });
  if (runAs.account !== undefined) await chown(clusterDir, runAs.account.uid, runAs.account.gid);
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password, { mode: 0o644 });
  const log = await open(join(folder, 'postgres.log'), 'a', 0o600);
  const start = (program: string, args: readonly string[]) => {
    const [command, rest] = commandLine(runAs, join(bin, program), args);
    return spawn(command, rest, {
      ...runAs.account,
      cwd: '/',
      env: serverEnvironment,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    });
  };
  const made = start('initdb', [
    ...['--pgdata', clusterDir, '--username=admin', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
  ]);
  const [code] = (await once(made, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`initdb ended with ${String(code)}; see ${join(folder, 'postgres.log')}`);

  const port = await freePort();
  const settings = {
    ...{ listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' },
    ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  };
  const server = start('postgres', [
    ...['-D', clusterDir],
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  await log.close();
  const stop = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
  };
  const urlOf = (user: string, database: string): string =>
    `postgres://${user}:${password}@127.0.0.1:${String(port)}/${database}`;
  const asAdmin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = new pg.Client({ connectionString: urlOf('admin', 'postgres') });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const deadline = Date.now() + startWithinMs;
  for (;;) {
    try {
      await asAdmin((client) => client.query('select 1'));
      break;
    } catch (error) {
      if (Date.now() < deadline && server.exitCode === null) {
        await delay(50);
        continue;
      }
      await stop();
      throw error;
    }
  }
  return {
    bin,
    version,
    stop,
    createDatabase: (name) =>
      asAdmin(async (client) => {
        const role = pg.escapeIdentifier(name);
        const found = await client.query('select 1 from pg_roles where rolname = $1', [name]);
        if (found.rowCount === 0) {
          await client.query(`create role ${role} login password ${pg.escapeLiteral(password)}`);
          await client.query(`create database ${role} owner ${role}`);
        }
        return urlOf(name, name);
      }),
  };
}

function findServer(): { version: number; bin: string } {
  const newest = () =>
    (existsSync(versionsFolder) ? readdirSync(versionsFolder) : [])
      .map(Number)
      .filter((version) => existsSync(join(versionsFolder, String(version), 'bin/postgres')))
      .sort((one, other) => other - one)[0];
  let version = newest();
  if (version === undefined) {
    requirePrograms([{ name: 'postgres', package: 'postgresql', folders: [join(versionsFolder, '15/bin')] }]);
    version = newest();
  }
  if (version === undefined) throw new Error(`There is no PostgreSQL below ${dirname(versionsFolder)}.`);
  return { version, bin: join(versionsFolder, String(version), 'bin') };
}
