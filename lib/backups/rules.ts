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
}

/** How the line to a database is kept safe, where the settings say it. */
export interface LineSafety {
  tls: 'off' | 'require' | 'verify' | undefined;
  /** A file with the certificates of the authority that vouches for the server. */
  caFile: string | undefined;
}

/** @param safety undefined: the address itself says it (`sslmode`), or nothing does */
export function connectionVariables(address: string, safety?: LineSafety): ConnectionVariables {
  const url = new URL(address);
  const said = url.searchParams;
  const given = (text: string) => (text === '' ? undefined : decodeURIComponent(text));
  const user = given(url.username) ?? said.get('user') ?? 'postgres';
  const password = given(url.password) ?? said.get('password') ?? undefined;
  // What the driver calls `no-verify` is what libpq calls `require`.
  const named = said.get('sslmode')?.replace('no-verify', 'require');
  const tls = safety?.tls ?? (safety?.caFile === undefined ? undefined : 'verify');
  const mode = tls === undefined ? named : { off: 'disable', require: 'require', verify: 'verify-full' }[tls];
  const authority = safety?.caFile ?? said.get('sslrootcert') ?? undefined;
  return {
    PGHOST: said.get('host') ?? given(url.hostname.replace(/^\[|\]$/g, '')) ?? 'localhost',
    PGPORT: given(url.port) ?? said.get('port') ?? '5432',
    PGUSER: user,
    PGDATABASE: given(url.pathname.slice(1)) ?? user,
    ...(password !== undefined && { PGPASSWORD: password }),
    ...(mode !== undefined && { PGSSLMODE: mode }),
    ...(authority !== undefined && { PGSSLROOTCERT: authority }),
  };
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
