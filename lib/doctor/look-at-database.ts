import { databaseUrlOf } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import { databaseAddresses } from '../db/address.ts';
import type { DatabaseAddress } from '../db/address.ts';
import type { Db } from '../db/client.ts';
import { throwConnectTrouble } from '../db/connect-trouble.ts';
import { inspectDatabase } from '../db/inspect-database.ts';
import { pingDatabase } from './queries.ts';
import { failed, judgeDatabase } from './rules.ts';
import type { AskedDatabase, Finding } from './rules.ts';

/** @param url where statements go: of the settings, or the program's own server */
export async function lookAtDatabase(settings: Env, url: string, db: Db): Promise<Finding[]> {
  const { pooled, direct, isPooled: hasDirect } = databaseAddresses(settings, url);
  const ms = Math.ceil(await pingDatabase(db));
  const ask = async (address: DatabaseAddress): Promise<AskedDatabase> => {
    return {
      facts: await inspectDatabase(address),
      ms,
      poolMax: settings.DB_POOL_MAX,
      statementSeconds: settings.DB_STATEMENT_TIMEOUT_SECONDS,
      hasDirect,
      isOwn: databaseUrlOf(settings) === undefined,
    };
  };
  return judgeDatabase(await ask(pooled), hasDirect ? await ask(direct) : undefined);
}

const programs = new Set(['EmbeddedServerError', 'DatabaseSetupError']);

/** By Node's and PostgreSQL's codes: what is wrong, and what to do. */
const troubles: Readonly<Record<string, readonly [sentence: string, cure: string]>> = {
  ECONNREFUSED: [
    'Nobody listens where the database should be.',
    'Start PostgreSQL, or correct host and port in DATABASE_URL.',
  ],
  ENOTFOUND: ["The database's host is not known here.", 'Correct the host in DATABASE_URL, or look at DNS.'],
  EAI_AGAIN: ["The database's host is not known here.", 'Correct the host in DATABASE_URL, or look at DNS.'],
  '28P01': [
    'The database refuses this account (28P01).',
    'Correct name and password in DATABASE_URL; a character of the password may need escaping (%23 for #).',
  ],
  '28000': [
    'The database refuses this account (28000).',
    'Let this machine in: managed databases have a list of trusted sources and want DATABASE_TLS; one of your own has pg_hba.conf.',
  ],
  '3D000': ['There is no such database on this server.', 'Create it, or correct its name in DATABASE_URL.'],
  '53300': [
    'The database has no connection left.',
    'Lower DB_POOL_MAX, end what else holds connections, or raise max_connections (docs/database.md).',
  ],
  '57P03': ['The database is starting or stopping.', 'Wait a minute and look again.'],
};

/** Why a database could not be opened, and what to do. */
export function tellDatabaseError(error: unknown): Finding {
  const tell = (sentence: string, cure: string) => failed('database', sentence, cure);
  const code = codeOf(error) ?? '';
  const { name, message } = withCure(error);
  if (programs.has(name)) return tell(message, 'docs/database.md tells more.');
  const known = troubles[code];
  if (known !== undefined) return tell(...known);
  return tell(
    `The database does not answer (${code === '' ? name : code}).`,
    'Is it running, does a firewall stand between, and is DATABASE_URL right?',
  );
}

/** Where encryption or a certificate is the trouble, lib/db knows the way out. */
function withCure(error: unknown): { name: string; message: string } {
  try {
    return throwConnectTrouble(error);
  } catch (told) {
    return told instanceof Error ? told : { name: typeof told, message: '' };
  }
}

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError) return codeOf(at.errors[0]);
    if (/timeout/i.test(at.message)) return 'ETIMEDOUT';
  }
  return undefined;
}
