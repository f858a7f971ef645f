import { readFileSync } from 'node:fs';
import type pg from 'pg';
import type { Env } from '../base/env.ts';
import { DatabaseSetupError } from './database-setup-error.ts';

/** `require`: encrypted, whoever answers; `verify`: with a certificate that counts and names the host. */
export type DatabaseTls = 'off' | 'require' | 'verify';

/** Where a database is, and how the line to it is kept safe. A text is an address alone. */
export type DatabaseAddress = string | { url: string; tls?: DatabaseTls; ca?: string };

export interface DatabaseAddresses {
  /** For statements and transactions; perhaps a pooler's, which lends a connection for one transaction at a time. */
  pooled: DatabaseAddress;
  /** For what needs a session of its own: LISTEN, migrations, the queue, commands. */
  direct: DatabaseAddress;
  /** The settings name both: whatever `pooled` is, no session may be counted on there. */
  isPooled: boolean;
}

/** The addresses of the settings. @param url the one that statements go to, given or of the program's own server */
export function databaseAddresses(
  settings: Pick<Env, 'DATABASE_DIRECT_URL' | 'DATABASE_TLS' | 'DATABASE_CA'>,
  url: string,
): DatabaseAddresses {
  const safely = (of: string): DatabaseAddress => ({
    url: of,
    tls: settings.DATABASE_TLS,
    ca: settings.DATABASE_CA,
  });
  return {
    pooled: safely(url),
    direct: safely(settings.DATABASE_DIRECT_URL ?? url),
    isPooled: settings.DATABASE_DIRECT_URL !== undefined,
  };
}

/** The address without its words about TLS, and what pg is to do about TLS. */
export interface DatabaseLine {
  connectionString: string;
  /** Undefined: in the clear, unless PGSSLMODE says otherwise. */
  ssl: pg.ClientConfig['ssl'];
}

const tlsWords = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl', 'uselibpqcompat'];

/**
 * How every connection of the program is made: pool, LISTEN, migrations, queue and commands. What the settings say of
 * TLS comes before what the address says. `sslmode` in an address means what it means to psql and pg_dump; pg by itself
 * reads `require` as `verify-full`, and will not for ever.
 *
 * @throws DatabaseSetupError a certificate's file that cannot be read
 */
export function lineTo(address: DatabaseAddress): DatabaseLine {
  const { url, tls, ca } = typeof address === 'string' ? { url: address } : address;
  const { bare, words } = takeApart(url);
  const { sslmode, sslrootcert, sslcert, sslkey } = words;
  const own = {
    ...(sslcert !== undefined && { cert: readOwn(sslcert) }),
    ...(sslkey !== undefined && { key: readOwn(sslkey) }),
  };
  const authority =
    ca !== undefined
      ? { ca: isPem(ca) ? ca.replaceAll(String.raw`\n`, '\n') : readOwn(ca) }
      : // `system`, to psql, is what Node looks at by itself.
        sslrootcert !== undefined && sslrootcert !== 'system'
        ? { ca: readOwn(sslrootcert) }
        : {};
  const ssl = () => {
    switch (tls ?? (ca === undefined ? modeOf(sslmode, words) : 'verify')) {
      case undefined:
        return undefined;
      case 'off':
        return false;
      case 'require':
        return { ...own, rejectUnauthorized: false };
      case 'verify-ca':
        return { ...own, ...authority, checkServerIdentity: () => undefined };
      case 'verify':
        return { ...own, ...authority };
    }
  };
  return { connectionString: bare, ssl: ssl() };
}

type Words = Partial<Record<string, string>>;

function takeApart(url: string): { bare: string; words: Words } {
  const at = url.indexOf('?');
  if (at === -1) return { bare: url, words: {} };
  const parameters = new URLSearchParams(url.slice(at + 1));
  const words: Words = {};
  for (const name of tlsWords) {
    const value = parameters.get(name);
    if (value === null) continue;
    words[name] = value;
    parameters.delete(name);
  }
  const rest = parameters.toString();
  return { bare: url.slice(0, at) + (rest === '' ? '' : `?${rest}`), words };
}

function modeOf(sslmode: string | undefined, words: Words): DatabaseTls | 'verify-ca' | undefined {
  switch (sslmode) {
    case 'disable':
      return 'off';
    // Neither falls back on a line in the clear, as psql would.
    case 'allow':
    case 'prefer':
    case 'no-verify':
      return 'require';
    case 'require':
      return words.sslrootcert === undefined ? 'require' : 'verify-ca';
    case 'verify-ca':
      return 'verify-ca';
    case 'verify-full':
      return 'verify';
    case undefined:
      if (words.sslrootcert !== undefined || ['true', '1'].includes(words.ssl ?? '')) return 'verify';
      return undefined;
    default:
      throw new DatabaseSetupError(
        `The database's address says sslmode=${sslmode}. Known are: disable, require, verify-ca, verify-full.`,
      );
  }
}

function isPem(text: string): boolean {
  return text.includes('-----BEGIN CERTIFICATE-----');
}

function readOwn(path: string): string {
  try {
    return readFileSync(/* turbopackIgnore: true */ path, 'utf8');
  } catch (error) {
    throw new DatabaseSetupError(
      `The certificate's file ${path} cannot be read. DATABASE_CA (or sslrootcert in the address) is PEM text, or the path of a file that holds it.`,
      { cause: error },
    );
  }
}
