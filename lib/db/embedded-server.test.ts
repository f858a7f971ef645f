import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../base/log.ts';
import { startEmbeddedServer } from './embedded-server.ts';

const root = resolve(`.data/test/embedded-${String(process.pid)}`);
let dataDir = '';
let count = 0;

beforeAll(() => mkdir(root, { recursive: true }));
beforeEach(() => {
  count += 1;
  dataDir = join(root, String(count), 'postgres');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const start = (options: { dataDir?: string; durable?: boolean } = {}) =>
  startEmbeddedServer({ dataDir, log: createLog('silent'), durable: false, ...options });

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const answer = await client.query<Record<string, unknown>>(sql);
    return answer.rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('creates a cluster, keeps data, port and password over a stop, and leaves no process', async () => {
  const first = await start();
  expect(first.adopted).toBe(false);
  await ask(first.url, 'create table kept as select 42 as answer');
  const pid = await postmasterPid();
  expect(await first.stop()).toBe('stopped');
  expect(isAlive(pid)).toBe(false);

  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await ask(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  await second.stop();
});

test('sorts and stores text alike on every machine, and is closed to others', async () => {
  const server = await start();
  expect(
    await ask(
      server.url,
      `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
        current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets,
        current_setting('timezone') as zone
        from pg_database where datname = current_database()`,
    ),
  ).toEqual([
    { encoding: 'UTF8', provider: 'b', locale: 'C.UTF-8', addresses: '127.0.0.1', sockets: '', zone: 'UTC' },
  ]);
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600);
  const guess = new URL(server.url);
  guess.password = 'wrong';
  await expect(ask(guess.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  await server.stop();
});

test('writes through to the disk unless a test asks otherwise', async () => {
  const careful = await start({ durable: true });
  expect(await ask(careful.url, "select current_setting('fsync') as fsync")).toEqual([{ fsync: 'on' }]);
  await careful.stop();
});

test('several users share one server; the last to leave stops it', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect([one.adopted, two.adopted].toSorted()).toEqual([false, true]);
  expect(await one.stop()).toBe('left-running');
  expect(await ask(two.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  const pid = await postmasterPid();
  expect(await two.stop()).toBe('stopped');
  expect(isAlive(pid)).toBe(false);
});

test('a server left by a killed process is adopted, with its data, and stopped', async () => {
  const holder = spawn(process.execPath, [resolve('tests/support/hold-server.ts'), dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(holder.stdout), 'line')) as [string];
  await ask(url, 'create table kept as select 42 as answer');
  const pid = await postmasterPid();
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  expect(isAlive(pid)).toBe(true);

  const server = await start();
  expect(server.adopted).toBe(true);
  expect(await ask(server.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(await server.stop()).toBe('stopped');
  // It was never our child, and stays listed until the system collects it; its own lock file goes last.
  expect(existsSync(join(dataDir, 'cluster/postmaster.pid'))).toBe(false);
});

test('a process that ends without stopping leaves no server behind', async () => {
  const script = `
    const { startEmbeddedServer } = await import(${JSON.stringify(resolve('lib/db/embedded-server.ts'))});
    const log = { info() {}, error() {} };
    await startEmbeddedServer({ dataDir: ${JSON.stringify(dataDir)}, log, durable: false });
    process.exit(3);`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  expect(ended.status).toBe(3);
  await expect.poll(() => existsSync(join(dataDir, 'cluster/postmaster.pid'))).toBe(false);
});

test('what a start killed in the middle left is cleared away', async () => {
  const ended = spawnSync('true');
  const leftover = `${dataDir}.new-${String(ended.pid)}-0f0f0f0f`;
  await mkdir(join(leftover, 'cluster/base'), { recursive: true });
  const server = await start();
  await server.stop();
  expect((await readdir(join(dataDir, '..'))).toSorted()).toEqual(['postgres']);
});

test('a lock file whose number now belongs to another program is no obstacle', async () => {
  await (await start()).stop();
  await writeFile(
    join(dataDir, 'cluster/postmaster.pid'),
    `${String(process.pid)}\n${join(dataDir, 'cluster')}\n1\n5432\n\n127.0.0.1\n`,
  );
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
});

test('another program on the kept port: a new port', async () => {
  await (await start()).stop();
  const kept = Number(await readFile(join(dataDir, 'port'), 'utf8'));
  const squatter = createServer().listen(kept, '127.0.0.1');
  await once(squatter, 'listening');
  try {
    const server = await start();
    expect(Number(new URL(server.url).port)).not.toBe(kept);
    await server.stop();
  } finally {
    squatter.close();
  }
});

test('a cluster of another version is refused in one sentence', async () => {
  await (await start()).stop();
  await writeFile(join(dataDir, 'cluster/PG_VERSION'), '9\n');
  await expect(start()).rejects.toThrow(/made by PostgreSQL 9, the installed one is \d+\./);
});

test('a folder that holds something else is left alone', async () => {
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, 'thesis.txt'), 'mine');
  await expect(start()).rejects.toThrow(`The folder ${dataDir} is in the way`);
  expect(await readFile(join(dataDir, 'thesis.txt'), 'utf8')).toBe('mine');
});

test('a place that cannot be written to is named, with the setting that moves it', async () => {
  await mkdir(join(dataDir, '..'), { recursive: true });
  await writeFile(dataDir, 'a file, no folder');
  await expect(start({ dataDir: join(dataDir, 'deeper') })).rejects.toThrow(
    /The folder .* cannot be made \(\w+\)\. Set SK_DATA_DIR/,
  );
});

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('started by root', () => {
  test('runs as another account, also below a folder that is closed to it', async () => {
    const closed = join(root, 'closed');
    await mkdir(closed, { recursive: true });
    await chmod(closed, 0o700);
    dataDir = join(closed, 'data/postgres');
    const server = await start();
    const status = await readFile(`/proc/${String(await postmasterPid())}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });
});
