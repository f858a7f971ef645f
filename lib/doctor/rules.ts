import type { DatabaseFacts } from '../db/inspect-database.ts';
import { minuteMs } from '../base/minute.ts';
import { cureForOwner } from '../base/table-owner.ts';

/** Everything that is looked at, in the order in which it is told. docs/troubleshoot.md has a cure for each. */
export const checkIds = [
  'settings',
  'program',
  'memory',
  'disk',
  'database',
  'database-rights',
  'migrations',
  'connections',
  'statement-timeout',
  'pooler',
  'database-tls',
  'clock',
  'time-zone',
  'keys',
  'public-url',
  'certificate',
  'platforms',
  'platform-keys',
  'platform-token',
  'canvas-api',
  'files',
  'mail',
  'queue',
  'log-of-changes',
  'backups',
] as const;
export type CheckId = (typeof checkIds)[number];

export type FindingState = 'ok' | 'warning' | 'failed' | 'not-checked';

/** What was seen: one sentence, and where something is wrong, what to do. Never a secret, never a person. */
export interface Finding {
  check: CheckId;
  state: FindingState;
  sentence: string;
  cure?: string;
}

export const ok = (check: CheckId, sentence: string): Finding => ({ check, state: 'ok', sentence });
export const warning = (check: CheckId, sentence: string, cure: string): Finding => ({
  ...{ check, state: 'warning', sentence, cure },
});
export const failed = (check: CheckId, sentence: string, cure: string): Finding => ({
  ...{ check, state: 'failed', sentence, cure },
});
export const notChecked = (check: CheckId, sentence: string): Finding => ({
  ...{ check, state: 'not-checked', sentence },
});

/** In the order of `checkIds`; of one check as they came. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => checkIds.indexOf(a.check) - checkIds.indexOf(b.check));
}

/** Whether the operator has to do something now. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== 'failed');
}

export function judgeSettings(warnings: readonly string[]): Finding[] {
  return warnings.length === 0
    ? [ok('settings', 'All settings are in order.')]
    : warnings.map((sentence) => warning('settings', sentence, 'docs/configure.md tells what each is for.'));
}

/** Node's own words: "22.18.0". */
export function judgeProgram(nodeVersion: string, hasBuild: boolean): Finding[] {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    return [
      failed(
        'program',
        `Node ${nodeVersion} is too old.`,
        'Install Node 22.18 or later, best the LTS release.',
      ),
    ];
  }
  return hasBuild
    ? [ok('program', `Node ${nodeVersion}, and a build is there.`)]
    : [warning('program', 'There is no build here.', 'Run npm run build, unless the tool runs elsewhere.')];
}

const megabyte = 1024 ** 2;
/** One process with its uploads, and something for the system. */
const leastMemory = 512 * megabyte;
const leastFreeMemory = 128 * megabyte;

/** @param memory in bytes; `most`: what a container may have, else what the machine has */
export function judgeMemory({ most, free }: { most: number; free: number }): Finding[] {
  const sentence = `${inMegabytes(free)} of ${inMegabytes(most)} are free.`;
  if (most < leastMemory) {
    return [
      warning(
        'memory',
        `${sentence} One process wants ${inMegabytes(leastMemory)}.`,
        'Give the machine more.',
      ),
    ];
  }
  return free < leastFreeMemory
    ? [
        warning(
          'memory',
          sentence,
          'Run fewer processes, give the machine more, or see what else runs on it.',
        ),
      ]
    : [ok('memory', sentence)];
}

const leastDisk = 1024 * megabyte;
const noDisk = 64 * megabyte;

/** @param free bytes that the tool's account may still write into its folder */
export function judgeDisk(folder: string, free: number): Finding[] {
  const sentence = `${inMegabytes(free)} are free in ${folder}.`;
  const cure = 'Delete what is not needed, or give the disk more room, before documents and backups fail.';
  if (free < noDisk) return [failed('disk', sentence, cure)];
  return [free < leastDisk ? warning('disk', sentence, cure) : ok('disk', sentence)];
}

function inMegabytes(bytes: number): string {
  return bytes >= 10_240 * megabyte
    ? `${String(Math.round(bytes / (1024 * megabyte)))} GB`
    : `${String(Math.round(bytes / megabyte))} MB`;
}

/** What the tool holds beside the pool of a process: the queue's connections, and the one that listens. */
const connectionsBesidePool = 4;

export interface AskedDatabase {
  facts: DatabaseFacts;
  ms: number;
  poolMax: number;
  statementSeconds: number;
  /** DATABASE_DIRECT_URL is set. */
  hasDirect: boolean;
  /** The program's own server, on this machine. */
  isOwn: boolean;
}

/** What the database says of itself; `direct`: where the settings name one, the server behind the pooler. */
export function judgeDatabase(pooled: AskedDatabase, direct = pooled): Finding[] {
  return [
    judgeServer(pooled),
    judgeRights(direct.facts),
    judgeMigrations(direct.facts),
    judgeConnections(direct),
    judgeStatementTimeout(pooled),
    judgePooler(pooled, direct),
    judgeTls(pooled),
  ];
}

function judgeServer({ facts: { version, isSupported, isDurable }, ms }: AskedDatabase): Finding {
  const answers = `PostgreSQL ${version} answers within ${String(ms)} ms.`;
  switch (isSupported) {
    case 'too-old':
      return failed(
        'database',
        `PostgreSQL ${version} is older than any that the tool was tested on.`,
        'Upgrade the server (docs/database.md names the versions).',
      );
    case 'newer-than-tested':
      return warning(
        'database',
        `${answers} It is newer than any that the tool was tested on.`,
        'Watch the log, or use a tested version (docs/database.md).',
      );
    case 'yes':
      if (!isDurable) {
        return warning(
          'database',
          `${answers} It confirms what a crash can take back: fsync or synchronous_commit is off.`,
          'Set both to on, for the server and for this role: else a check-in that a phone was told of may be lost.',
        );
      }
      return ms > 100
        ? warning('database', `${answers} That is slow.`, 'Put the tool and its database into one region.')
        : ok('database', answers);
  }
}

/** What is said of everything else that a role may not read. */
export const forbidden = 'The role may not read it: see "database-rights".';

function judgeRights({ mayMigrate, role, migrations }: DatabaseFacts): Finding {
  if ('ofOwner' in migrations) {
    return failed(
      'database-rights',
      `The role ${role} may not read the tool's tables: ${migrations.ofOwner.name} has set them up.`,
      cureForOwner(migrations.ofOwner, role),
    );
  }
  return mayMigrate
    ? ok('database-rights', `The role ${role} may make schemas and tables.`)
    : failed(
        'database-rights',
        `The role ${role} may make no schemas or tables: migrations and the job queue cannot be set up.`,
        `As an administrator of PostgreSQL make it the owner of the database: alter database … owner to ${role};`,
      );
}

function judgeMigrations({ migrations }: DatabaseFacts): Finding {
  if ('ofOwner' in migrations) return notChecked('migrations', forbidden);
  const { applied, pending, newer } = migrations;
  if (pending.length > 0) {
    return failed(
      'migrations',
      `The database is behind this release; to be run: ${pending.join(', ')}.`,
      'Run npm run cli -- db migrate; every start does it, too.',
    );
  }
  return newer > 0
    ? warning(
        'migrations',
        'A newer release than this one has changed the database.',
        'Start that release again, or restore a backup from before it (docs/upgrade.md).',
      )
    : ok('migrations', `All ${String(applied)} migrations have run.`);
}

function judgeConnections({ facts: { connections, isPooled }, poolMax, hasDirect }: AskedDatabase): Finding {
  const most = Math.min(connections.most, connections.mostOfRole ?? Infinity);
  const need = (hasDirect ? 0 : poolMax) + connectionsBesidePool;
  const processes = Math.floor(most / need);
  const sentence = `The server gives ${String(most)} connections, ${String(connections.used)} are in use; a process needs up to ${String(need)}.`;
  if (isPooled && !hasDirect) return notChecked('connections', 'Behind a pooler nobody can say.');
  if (processes < 1) {
    return failed(
      'connections',
      sentence,
      `Set DB_POOL_MAX to ${String(Math.max(2, Math.floor(most / 2) - connectionsBesidePool))}, or raise max_connections.`,
    );
  }
  return processes < 2
    ? warning(
        'connections',
        `${sentence} That is enough for one process, not for two, as in a reload.`,
        `Set DB_POOL_MAX to ${String(Math.max(2, Math.floor(most / 2) - connectionsBesidePool))} or less, raise max_connections, or put a pooler before it (docs/database.md).`,
      )
    : ok('connections', `${sentence} That is enough for ${String(processes)} processes.`);
}

function judgeStatementTimeout({ facts, statementSeconds }: AskedDatabase): Finding {
  if (!facts.isPooled) {
    return ok('statement-timeout', `The tool gives a statement ${String(statementSeconds)} s.`);
  }
  return facts.statementWithinMs === undefined
    ? warning(
        'statement-timeout',
        'Behind the pooler the server lets a statement run for ever.',
        `As an administrator: alter role ${facts.role} set statement_timeout = '${String(statementSeconds)}s';`,
      )
    : ok('statement-timeout', `The server gives a statement ${String(facts.statementWithinMs / 1000)} s.`);
}

function judgePooler(pooled: AskedDatabase, direct: AskedDatabase): Finding {
  if (direct.facts.isPooled) {
    return pooled.hasDirect
      ? warning(
          'pooler',
          'DATABASE_DIRECT_URL leads to a pooler, too.',
          'Set it to the address of PostgreSQL itself, unless that pooler keeps a session for each connection.',
        )
      : failed(
          'pooler',
          'DATABASE_URL leads to a pooler, and no direct address is set: live notices, migrations and jobs need one.',
          'Set DATABASE_DIRECT_URL to the address of PostgreSQL itself (docs/database.md).',
        );
  }
  return ok(
    'pooler',
    pooled.facts.isPooled
      ? 'Statements go through a pooler, the rest to the server itself.'
      : 'No pooler stands between.',
  );
}

function judgeTls({ facts: { tls }, isOwn }: AskedDatabase): Finding {
  if (tls !== undefined) return ok('database-tls', `The line to the database is encrypted (${tls}).`);
  return isOwn
    ? ok('database-tls', "The database is the tool's own, on this machine.")
    : warning(
        'database-tls',
        'The line to the database is not encrypted.',
        'Set DATABASE_TLS, unless it stays on this machine or in a network that is yours alone.',
      );
}

/** Canvas takes nothing that comes from more than so far ahead; phones and codes are judged to the second. */
const worstClockMs = 30_000;
const doubtfulClockMs = 5_000;

/**
 * @param clocks by how much each is ahead of the database's, which is what the tool goes by; of this machine and of
 *   others that tell the time to the second
 */
export function judgeClocks(clocks: readonly { whose: string; aheadMs: number }[]): Finding[] {
  const wrong = clocks.filter(({ aheadMs }) => Math.abs(aheadMs) > doubtfulClockMs);
  if (wrong.length === 0) {
    return [
      ok(
        'clock',
        `The database's clock, which counts, agrees with ${clocks.map(({ whose }) => whose).join(', ')}.`,
      ),
    ];
  }
  return wrong.map(({ whose, aheadMs }) => {
    const tell = Math.abs(aheadMs) > worstClockMs ? failed : warning;
    return tell(
      'clock',
      `The database's clock, which counts, is ${String(Math.round(Math.abs(aheadMs) / 1000))} s ${aheadMs > 0 ? 'behind' : 'ahead of'} that of ${whose}.`,
      'Switch on time synchronisation (NTP, chrony) where the clock is wrong: compare with https://time.is.',
    );
  });
}

export function judgeTimeZone(set: string | undefined, ofMachine: string): Finding[] {
  if (set === undefined) {
    return [
      warning(
        'time-zone',
        'TZ is not set: nights begin by UTC, and so do courses of which no launch has told a zone.',
        `Set TZ, for example to ${ofMachine === 'UTC' ? 'Europe/Berlin' : ofMachine}.`,
      ),
    ];
  }
  return [ok('time-zone', `Nights begin by ${set}.`)];
}

export interface KeyFacts {
  kid: string;
  state: 'signing' | 'waiting' | 'published' | 'withdrawn';
  createdAt: Date;
  /** By the current secret, by the previous one, or by none. */
  opens: 'current' | 'previous' | 'no';
}

const dayMs = 24 * 60 * minuteMs;
const oldKeyDays = 400;

/** @param areOpen whether everything sealed that is in use opens */
export function judgeKeys(keys: readonly KeyFacts[], areOpen: boolean, now: Date): Finding[] {
  const signing = keys.find(({ state }) => state === 'signing');
  if (!areOpen || signing?.opens === 'no') {
    return [
      failed(
        'keys',
        'What lies sealed in the database does not open with SESSION_SECRET.',
        'Set the right one, or SESSION_SECRET_PREVIOUS to it. If it is lost for good: npm run cli -- keys renew',
      ),
    ];
  }
  if (signing === undefined) {
    return [failed('keys', 'There is no key that signs.', 'Start the tool once: it makes one.')];
  }
  if (signing.opens === 'previous') {
    return [
      warning(
        'keys',
        'The signing key is still sealed with SESSION_SECRET_PREVIOUS.',
        'Once every process runs with the new secret: npm run cli -- keys reseal',
      ),
    ];
  }
  const days = Math.floor((now.getTime() - signing.createdAt.getTime()) / dayMs);
  return days > oldKeyDays
    ? [
        warning(
          'keys',
          `The signing key is ${String(days)} days old.`,
          'Replace it: npm run cli -- keys rotate',
        ),
      ]
    : [ok('keys', `${signing.kid} signs, and opens with SESSION_SECRET.`)];
}

const soonDays = 14;

export interface CertificateFacts {
  host: string;
  validTo: Date;
  issuer: string;
  /** By what Node would refuse it: CERT_HAS_EXPIRED, DEPTH_ZERO_SELF_SIGNED_CERT …; undefined: it would not. */
  refusedFor: string | undefined;
}

export function judgeCertificate(
  { host, validTo, issuer, refusedFor }: CertificateFacts,
  now: Date,
): Finding[] {
  const days = Math.floor((validTo.getTime() - now.getTime()) / dayMs);
  const renew = 'Renew it (certbot renew), load the proxy anew, and see why nothing did it by itself.';
  if (days < 0) {
    return [failed('certificate', `The certificate of ${host} expired ${String(-days)} days ago.`, renew)];
  }
  if (refusedFor !== undefined) {
    return [
      failed(
        'certificate',
        `The certificate of ${host}, by ${issuer}, is not trusted here (${refusedFor}).`,
        refusedFor.includes('ALTNAME')
          ? 'It is for another name: have one made for the host of PUBLIC_URL.'
          : 'Serve the whole chain (fullchain.pem), by an authority that everybody knows; for your own set NODE_EXTRA_CA_CERTS.',
      ),
    ];
  }
  const sentence = `The certificate of ${host} is good for ${String(days)} days more.`;
  return [days < soonDays ? warning('certificate', sentence, renew) : ok('certificate', sentence)];
}

/** What /lti/jwks of PUBLIC_URL shows, beside what it should show. */
export function judgeShownKeys(url: string, shown: readonly string[], ours: readonly string[]): Finding[] {
  const missing = ours.filter((kid) => !shown.includes(kid));
  if (missing.length === 0) return [ok('public-url', `${url} answers, and shows our keys.`)];
  return missing.length === ours.length
    ? [
        failed(
          'public-url',
          `Another installation answers at ${url}: none of its keys is ours.`,
          'Let PUBLIC_URL, the name (DNS) and the proxy lead to this installation, and all its processes to one database.',
        ),
      ]
    : [
        warning(
          'public-url',
          `${url} does not show all of our keys yet.`,
          'Wait five minutes: proxies may keep the list so long. Then see whether one keeps it longer.',
        ),
      ];
}

export interface QueueFacts {
  /** Undefined: no queue was ever set up. */
  schedules: readonly string[] | undefined;
  /** Jobs that failed for good in the last day, by kind. */
  failures: readonly { name: string; count: number }[];
  /** By how much the oldest job that waits is overdue. */
  lateMs: number;
}

const lateAfterMs = 10 * minuteMs;

/** @param wanted the kinds of work that come by themselves */
export function judgeQueue(
  { schedules, failures, lateMs }: QueueFacts,
  wanted: readonly string[],
): Finding[] {
  if (schedules === undefined) {
    return [warning('queue', 'No job queue was set up yet.', 'Start the tool once: it makes one.')];
  }
  const found: Finding[] = [];
  if (lateMs > lateAfterMs) {
    found.push(
      failed(
        'queue',
        `Work has been waiting for ${String(Math.round(lateMs / minuteMs))} minutes.`,
        'Is the tool running? If it is, see in its log why the job queue has lost its database.',
      ),
    );
  }
  const missing = wanted.filter((name) => !schedules.includes(name));
  if (missing.length > 0) {
    found.push(
      warning(
        'queue',
        `Nobody has planned: ${missing.join(', ')}.`,
        'Start this release once: it plans them.',
      ),
    );
  }
  if (failures.length > 0) {
    found.push(
      warning(
        'queue',
        `Failed in the last day: ${failures.map(({ name, count }) => `${name} (${String(count)})`).join(', ')}.`,
        'The log says why, under the same name; roster log COURSE tells of a course.',
      ),
    );
  }
  return found.length > 0 ? found : [ok('queue', 'Work is done, and nothing failed in the last day.')];
}

/** @param old changes of more than a quarter of an hour ago that no seal covers */
export function judgeSeals(old: number): Finding[] {
  return old === 0
    ? [ok('log-of-changes', 'Every change is sealed.')]
    : [
        failed(
          'log-of-changes',
          `${String(old)} changes of more than a quarter of an hour ago are not sealed.`,
          'The job seal-audit stands still: see the log. Then run: npm run cli -- audit verify',
        ),
      ];
}

const backupHours = 48;

/** @param newest when the newest whole backup of this installation was begun */
export function judgeBackups(place: string, newest: Date | undefined, now: Date): Finding[] {
  const cure =
    'Have npm run cli -- backup run every night (docs/backup.md); where the host makes backups of its own, try one out.';
  if (newest === undefined)
    return [warning('backups', `There is no backup of this installation in ${place}.`, cure)];
  const hours = Math.floor((now.getTime() - newest.getTime()) / (60 * minuteMs));
  const sentence = `The newest backup in ${place} is ${String(hours)} hours old.`;
  return [hours > backupHours ? warning('backups', sentence, cure) : ok('backups', sentence)];
}
