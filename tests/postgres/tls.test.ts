import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { databaseAddresses, lineTo } from '#lib/db/address.ts';
import type { DatabaseAddress } from '#lib/db/address.ts';
import { openDatabase } from '#lib/db/client.ts';
import { inspectDatabase } from '#lib/db/inspect-database.ts';
import { listen } from '#lib/db/listen.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { addJob, startQueue, stopQueue } from '#lib/jobs/queue.ts';
import { makeTestAuthority } from '../browsers/test-authority.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import type { OwnPostgres } from '../support/own-postgres.ts';

let folder: string;
let server: OwnPostgres;
/** The authority of the server's certificate, and one that knows nothing of it: paths, and PEM. */
let authority: { file: string; pem: string; foreign: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-tls-'));
  const own = await makeTestAuthority(join(folder, 'own'));
  const foreign = await makeTestAuthority(join(folder, 'foreign'));
  authority = {
    file: own.authorityFile,
    pem: await readFile(own.authorityFile, 'utf8'),
    foreign: foreign.authorityFile,
  };
  server = await startOwnPostgres({
    settings: { ssl: 'on', ssl_cert_file: 'server.pem', ssl_key_file: 'server.key' },
    files: { 'server.pem': own.certificate, 'server.key': own.key },
    hba: 'hostssl all all 127.0.0.1/32 trust',
  });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

type Case = [what: string, address: () => DatabaseAddress, answer: string | RegExp];

const at = (words = '', host = '127.0.0.1') =>
  `postgres://postgres@${host}:${String(server.port)}/postgres${words === '' ? '' : `?${words}`}`;

test.each<Case>([
  ['nothing said: the server refuses a line in the clear', () => at(), /no encryption/],
  ['off', () => ({ url: at(), tls: 'off' }), /no encryption/],
  ['off, whatever the address says', () => ({ url: at('sslmode=require'), tls: 'off' }), /no encryption/],
  ['require (Heroku): whoever answers', () => ({ url: at(), tls: 'require' }), 'TLSv1.3'],
  [
    'require, under a name that is not the server’s',
    () => ({ url: at('', '0.0.0.0'), tls: 'require' }),
    'TLSv1.3',
  ],
  ['verify, by an authority that nobody knows', () => ({ url: at(), tls: 'verify' }), /certificate/],
  [
    'verify, by its authority’s file (RDS)',
    () => ({ url: at(), tls: 'verify', ca: authority.file }),
    'TLSv1.3',
  ],
  [
    'verify, by its authority’s text (DigitalOcean)',
    () => ({ url: at(), tls: 'verify', ca: authority.pem }),
    'TLSv1.3',
  ],
  [
    'verify, by a text whose lines a host has joined',
    () => ({ url: at(), tls: 'verify', ca: authority.pem.trim().replaceAll('\n', String.raw`\n`) }),
    'TLSv1.3',
  ],
  [
    'verify, though the address asks for less',
    () => ({ url: at('sslmode=require'), tls: 'verify', ca: authority.foreign }),
    /certificate/,
  ],
  [
    'verify, by another authority',
    () => ({ url: at(), tls: 'verify', ca: authority.foreign }),
    /certificate/,
  ],
  [
    'verify, under a name that is not the server’s',
    () => ({ url: at('', '0.0.0.0'), tls: 'verify', ca: authority.file }),
    /IP: 0\.0\.0\.0 is not in the cert/,
  ],
  ['an authority alone: verify', () => ({ url: at(), ca: authority.foreign }), /certificate/],
  ['sslmode=require in the address', () => at('sslmode=require'), 'TLSv1.3'],
  ['sslmode=disable in the address', () => at('sslmode=disable'), /no encryption/],
  [
    'sslmode=verify-full with the authority',
    () => at(`sslmode=verify-full&sslrootcert=${authority.file}`),
    'TLSv1.3',
  ],
  [
    'sslmode=verify-full with another',
    () => at(`sslmode=verify-full&sslrootcert=${authority.foreign}`),
    /certificate/,
  ],
  [
    'sslmode=verify-full under another name',
    () => at(`sslmode=verify-full&sslrootcert=${authority.file}`, '0.0.0.0'),
    /not in the cert/,
  ],
  [
    'sslmode=verify-ca under another name',
    () => at(`sslmode=verify-ca&sslrootcert=${authority.file}`, '0.0.0.0'),
    'TLSv1.3',
  ],
  [
    'sslmode=require with another authority, as psql reads it',
    () => at(`sslmode=require&sslrootcert=${authority.foreign}`),
    /certificate/,
  ],
  [
    'an authority’s file that is not there',
    () => ({ url: at(), tls: 'verify', ca: '/nowhere/ca.pem' }),
    /\/nowhere\/ca\.pem cannot be read/,
  ],
  ['a mode that nobody knows', () => at('sslmode=strict'), /sslmode=strict/],
])('%s', async (_what, address, answer) => {
  const found = await inspectDatabase(await Promise.resolve().then(address)).then(
    ({ tls }) => tls,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (typeof answer === 'string') expect(found).toBe(answer);
  else expect(found).toMatch(answer);
});

test('pool, migrations, LISTEN and the queue all go the same safe way, by the settings', async () => {
  const settings = { DATABASE_TLS: 'verify', DATABASE_CA: authority.file } as const;
  const { pooled, direct } = databaseAddresses(settings, at('sslmode=disable'));
  await expect(migrateDatabase(direct)).resolves.toEqual([]);

  const database = openDatabase(pooled, { poolMax: 2, onIdleError: () => undefined });
  onTestFinished(() => database.close());
  const inUse = await database.db.execute<{ ssl: boolean }>(
    sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`,
  );
  expect(inUse.rows).toEqual([{ ssl: true }]);

  const heard: string[] = [];
  const listening = Promise.withResolvers<undefined>();
  const ear = listen({
    address: direct,
    channel: 'tls_test',
    onPayload: (payload) => heard.push(payload),
    onListening: () => {
      listening.resolve(undefined);
    },
    onLost: listening.reject,
  });
  onTestFinished(() => ear.close());
  await listening.promise;
  await database.db.execute(sql`select pg_notify('tls_test', 'over the safe line')`);
  await expect.poll(() => heard).toEqual(['over the safe line']);

  await startQueue(direct, createLog('silent'));
  onTestFinished(() => stopQueue());
  await addJob('sync-roster', 'course', { courseId: 'course', askedBy: 'teacher' });
  const clear = await database.db.execute(
    sql`select a.application_name from pg_stat_activity a join pg_stat_ssl s using (pid) where a.backend_type = 'client backend' and not s.ssl`,
  );
  expect(clear.rows).toEqual([]);
});

test.each<[what: string, address: () => DatabaseAddress, cure: RegExp]>([
  ['encrypted connections alone are taken', () => at(), /set DATABASE_TLS=require/],
  ['nobody knows its authority', () => ({ url: at(), tls: 'verify' }), /set DATABASE_CA/],
  [
    'its certificate has another name',
    () => ({ url: at('', '0.0.0.0'), tls: 'verify', ca: authority.file }),
    /use that name in DATABASE_URL/,
  ],
])('a start says what to do where %s', async (_what, address, cure) => {
  const failure = await migrateDatabase(address()).catch((error: unknown) => error);
  expect(failure).toMatchObject({
    name: 'DatabaseSetupError',
    message: expect.stringMatching(cure) as string,
  });
});

test('a start says what to do where the database knows no encryption', async () => {
  const plain = await startOwnPostgres();
  onTestFinished(() => plain.stop());
  await expect(migrateDatabase({ url: plain.url, tls: 'require' })).rejects.toThrow(/set DATABASE_TLS=off/);
});

test('what else an address says stays: a socket’s folder, and a name', () => {
  expect(
    lineTo('postgres:///attendance?host=/var/run/postgresql&sslmode=disable&application_name=a%20b'),
  ).toEqual({
    connectionString: 'postgres:///attendance?host=%2Fvar%2Frun%2Fpostgresql&application_name=a+b',
    ssl: false,
  });
  expect(lineTo('/var/run/postgresql attendance')).toEqual({
    connectionString: '/var/run/postgresql attendance',
    ssl: undefined,
  });
});
