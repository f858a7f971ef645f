import { deriveKey } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';
import { minuteMs } from '../base/minute.ts';

const dayMs = 24 * 60 * minuteMs;

/**
 * By what a secret is known again without telling it: 16 hexadecimal digits of a key that is derived from it for
 * nothing else.
 */
function fingerprintOf(secret: string): string {
  return deriveKey(secret, 'fingerprint').export().toString('hex').slice(0, 16);
}

/** The current secret's, then the previous one's. */
export function fingerprintsOf({ current, previous }: Secrets): string[] {
  return [current, ...(previous === undefined ? [] : [previous])].map(fingerprintOf);
}

/** What libpq is told of a database, as variables: nothing of it stands in a list of processes. */
export interface ConnectionVariables {
  PGHOST: string;
  PGPORT: string;
  PGUSER: string;
  PGDATABASE: string;
  PGPASSWORD?: string;
  PGSSLMODE?: string;
  PGSSLROOTCERT?: string;
  PGSSLCERT?: string;
  PGSSLKEY?: string;
}

/** How the line to a database is kept safe, where the settings say it. */
export interface LineSafety {
  /** Undefined: by `caFile`, else as the address says (`sslmode`). */
  tls: 'off' | 'require' | 'verify' | undefined;
  /** A file with the certificates of the authority that vouches for the server. */
  caFile: string | undefined;
  /** By what a server is verified for which nobody names an authority: a file, or libpq's own word. */
  usualAuthorities: string;
}

const modeOfSetting = { off: 'disable', require: 'require', verify: 'verify-full' } as const;

export function connectionVariables(
  address: string,
  { tls, caFile, usualAuthorities }: LineSafety,
): ConnectionVariables {
  const url = new URL(address);
  const said = url.searchParams;
  const word = (name: string) => said.get(name) ?? undefined;
  const given = (text: string) => (text === '' ? undefined : decodeURIComponent(text));
  const user = given(url.username) ?? word('user') ?? 'postgres';
  const password = given(url.password) ?? word('password');
  const setting = tls ?? (caFile === undefined ? undefined : 'verify');
  const mode = setting === undefined ? modeInAddress(said) : modeOfSetting[setting];
  const named = word('sslrootcert');
  // With an authority libpq verifies by it also where it was to encrypt alone.
  const authority =
    mode?.startsWith('verify') === true
      ? (caFile ?? (named === 'system' ? undefined : named) ?? usualAuthorities)
      : undefined;
  const [certificate, key] = [word('sslcert'), word('sslkey')];
  return {
    PGHOST: word('host') ?? given(url.hostname.replace(/^\[|\]$/g, '')) ?? 'localhost',
    PGPORT: given(url.port) ?? word('port') ?? '5432',
    PGUSER: user,
    PGDATABASE: given(url.pathname.slice(1)) ?? user,
    ...(password !== undefined && { PGPASSWORD: password }),
    ...(mode !== undefined && { PGSSLMODE: mode }),
    ...(authority !== undefined && { PGSSLROOTCERT: authority }),
    ...(certificate !== undefined && { PGSSLCERT: certificate }),
    ...(key !== undefined && { PGSSLKEY: key }),
  };
}

/** What the tool's own connections make of an address: nothing falls back on a line in the clear, as libpq would. */
function modeInAddress(said: URLSearchParams): string | undefined {
  const mode = said.get('sslmode');
  switch (mode) {
    case null:
      return said.has('sslrootcert') || ['true', '1'].includes(said.get('ssl') ?? '')
        ? 'verify-full'
        : undefined;
    case 'allow':
    case 'prefer':
    case 'no-verify':
      return 'require';
    case 'require':
      return said.has('sslrootcert') ? 'verify-ca' : 'require';
    default:
      return mode;
  }
}

/**
 * The program to take of those that are there: the oldest that is new enough, because a newer one may say to an older
 * server what that does not understand.
 */
export function chooseProgram<P extends { major: number }>(
  found: readonly P[],
  least: number,
): P | undefined {
  return found.filter(({ major }) => major >= least).sort((a, b) => a.major - b.major)[0];
}

export interface FoundBackup {
  name: string;
  /** Which installation began it; undefined: nothing tells. */
  tool: string | undefined;
  startedAt: Date | undefined;
  isWhole: boolean;
}

/**
 * What may go once a new backup is whole: backups of this installation that are older than they are kept, and those of
 * its own that were broken off. What others wrote stays, whatever it is.
 *
 * @param newest the one that has just been written; it always stays
 */
export function chooseOutdated(
  found: readonly FoundBackup[],
  given: { tool: string; newest: string; now: Date; keepDays: number },
): string[] {
  const keptSince = given.now.getTime() - given.keepDays * dayMs;
  return found
    .filter(({ name, tool }) => name !== given.newest && tool === given.tool)
    .filter(({ isWhole, startedAt }) => !isWhole || (startedAt?.getTime() ?? Infinity) < keptSince)
    .map(({ name }) => name);
}

/** Tables whose rows are not as many as they were, with both counts. */
export function compareRows(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): { table: string; expected: number; found: number }[] {
  const tables = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...tables]
    .map((table) => ({ table, expected: expected[table] ?? 0, found: found[table] ?? 0 }))
    .filter((row) => row.expected !== row.found)
    .sort((a, b) => a.table.localeCompare(b.table));
}

/** Who was erased after a backup was taken, as later backups know. */
export function erasedSince(
  backup: { startedAt: string; erasedPeople: readonly string[] },
  others: readonly { startedAt: string; erasedPeople: readonly string[] }[],
): string[] {
  const known = new Set(backup.erasedPeople);
  const later = others.filter(({ startedAt }) => startedAt > backup.startedAt);
  return [...new Set(later.flatMap(({ erasedPeople }) => erasedPeople))].filter((id) => !known.has(id));
}
