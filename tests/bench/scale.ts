import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import pg from 'pg';
import { createLog } from '#lib/base/log.ts';
import { startEmbeddedServer } from '#lib/db/embedded-server.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { compareSchools, watchOperations } from '../scale/compare-schools.ts';
import type { School } from '../scale/compare-schools.ts';
import { fillSchool, schoolOf } from '../scale/fill-school.ts';
import { databaseUrl, withClient } from '../support/test-server.ts';
import type { Note } from './figures.ts';

/** The small school: large enough that PostgreSQL plans as it does for a large one. */
const smallPart = 20;

/**
 * What the tool does all day and all night, in a school of full size (2,000 courses, 100,000 people, 10 million records;
 * `--fraction 0.1`: a tenth of it) and in one of a twentieth of that. The schools stay in `.data/scale` for the next time.
 * The run fails when something touches more in the larger school, or reads a large table from end to end.
 */
export async function benchScale(note: Note, { fraction }: { fraction: number }): Promise<void> {
  const secrets = { current: randomBytes(32).toString('base64url') };
  process.env.SESSION_SECRET = secrets.current;
  const server = await startEmbeddedServer({
    dataDir: resolve('.data/scale/postgres'),
    log: createLog('warn'),
    database: 'schools',
    durable: false,
  });
  try {
    const schools = {
      small: await needSchool(server.url, fraction / smallPart),
      large: await needSchool(server.url, fraction),
    };
    await noteSizes(note, schools.large);
    const watched = {
      small: await watchOperations(schools.small, secrets),
      large: await watchOperations(schools.large, secrets),
    };
    const compared = await compareSchools(schools, watched, { bigTable: 1_000 });
    for (const { name, rows, pages, ms } of compared) {
      note(`${name}: rows looked at`, rows.large, 'rows');
      note(
        `${name}: to a school ${String(smallPart)} times smaller`,
        (rows.large + 1) / (rows.small + 1),
        'ratio',
      );
      note(`${name}: pages`, pages, 'pages');
      note(name, ms, 'ms');
    }
    const faults = compared.flatMap(({ name, faults: found }) => found.map((fault) => `${name} ${fault}`));
    for (const fault of faults) process.stderr.write(`${fault}\n`);
    note('statements that grow with the school', faults.length, 'count', 0);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
  }
}

/** A school of this size, filled when it is not there yet; one that broke off is begun anew. */
async function needSchool(serverUrl: string, fraction: number): Promise<School> {
  const size = schoolOf(fraction);
  const name = `school_of_${String(size.courses)}`;
  const url = databaseUrl(serverUrl, name);
  const isThere = await withClient(serverUrl, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    return rowCount === 1;
  });
  if (isThere) {
    await migrateDatabase(url);
    return { url, size };
  }
  const begun = `${name}_begun`;
  await withClient(serverUrl, async (client) => {
    await client.query(`drop database if exists ${pg.escapeIdentifier(begun)} with (force)`);
    await client.query(`create database ${pg.escapeIdentifier(begun)}`);
  });
  const begunUrl = databaseUrl(serverUrl, begun);
  await migrateDatabase(begunUrl);
  await fillSchool(begunUrl, size, (done) => process.stderr.write(`${name}: ${done}\n`));
  await withClient(serverUrl, (client) =>
    client.query(`alter database ${pg.escapeIdentifier(begun)} rename to ${pg.escapeIdentifier(name)}`),
  );
  return { url, size };
}

async function noteSizes(note: Note, { url }: School): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; mb: number; rows: number }>(
      `select relname as name, (pg_total_relation_size(oid) / 1e6)::float8 as mb, reltuples::float8 as rows from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace and relpages > 100
       order by pg_total_relation_size(oid) desc`,
    );
    const records = rows.find(({ name }) => name === 'attendance_records')?.rows ?? Number.NaN;
    const whole = rows.reduce((sum, { mb }) => sum + mb, 0);
    note('records', records, 'count');
    note('database', whole, 'MB');
    note('database for a million records', (whole * 1e6) / records, 'MB');
    for (const { name, mb } of rows.slice(0, 6)) note(`${name} with its indexes`, mb, 'MB');
  });
}
