import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { httpStatusByCode } from '../base/errors.ts';
import {
  checkIds,
  isHealthy,
  judgeBackups,
  judgeCertificate,
  judgeClocks,
  judgeDatabase,
  judgeDisk,
  judgeKeys,
  judgeMemory,
  judgeProgram,
  judgeQueue,
  judgeSettings,
  judgeShownKeys,
  judgeTimeZone,
  ok,
  sortFindings,
  warning,
} from './rules.ts';
import type { AskedDatabase, Finding } from './rules.ts';

const now = new Date('2026-11-28T08:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const megabyte = 1024 ** 2;

/** As `state: sentence -> cure`. */
const told = (findings: Finding[]) =>
  findings.map(
    ({ state, sentence, cure }) => `${state}: ${sentence}${cure === undefined ? '' : ` -> ${cure}`}`,
  );

describe('what is found of the machine', () => {
  test.each<[string, Finding[], RegExp]>([
    ['a doubtful setting', judgeSettings(['PUBLIC_URL was read as …']), /^warning: PUBLIC_URL was read/],
    ['settings in order', judgeSettings([]), /^ok: /],
    ['an old Node', judgeProgram('22.17.1', true), /^failed: Node 22.17.1 is too old/],
    ['a Node that is just enough', judgeProgram('22.18.0', true), /^ok: /],
    ['a newer Node without a build', judgeProgram('24.1.0', false), /^warning: .*npm run build/],
    [
      'a small machine',
      judgeMemory({ most: 256 * megabyte, free: 200 * megabyte }),
      /^warning: .*wants 512 MB/,
    ],
    [
      'a full machine',
      judgeMemory({ most: 4096 * megabyte, free: 64 * megabyte }),
      /^warning: 64 MB of 4096 MB/,
    ],
    ['room enough', judgeMemory({ most: 32_768 * megabyte, free: 2048 * megabyte }), /^ok: 2048 MB of 32 GB/],
    ['a full disk', judgeDisk('/srv', 10 * megabyte), /^failed: 10 MB are free in \/srv/],
    ['a disk that fills', judgeDisk('/srv', 500 * megabyte), /^warning: /],
    ['an empty disk', judgeDisk('/srv', 5000 * megabyte), /^ok: /],
    ['no zone', judgeTimeZone(undefined, 'Europe/Vienna'), /^warning: .*Europe\/Vienna/],
    ['a zone', judgeTimeZone('Europe/Berlin', 'UTC'), /^ok: /],
  ])('%s', (_what, findings, words) => {
    expect(told(findings)).toEqual([expect.stringMatching(words)]);
  });
});

describe('what is found of the database', () => {
  const asked = (
    other: Partial<AskedDatabase['facts']> = {},
    more: Partial<AskedDatabase> = {},
  ): AskedDatabase => ({
    facts: {
      ...{
        version: '17.2',
        isSupported: 'yes',
        role: 'attendance',
        mayMigrate: true,
        isDurable: true,
        isPooled: false,
        tls: 'TLSv1.3',
      },
      migrations: { applied: 6, pending: [], newer: 0 },
      connections: { most: 97, mostOfRole: undefined, used: 5 },
      statementWithinMs: undefined,
      ...other,
    },
    ...{ ms: 3, poolMax: 20, statementSeconds: 10, hasDirect: false, isOwn: false, ...more },
  });
  const of = (check: string, findings: Finding[]) => told(findings.filter((one) => one.check === check));

  test('all in order', () => {
    expect(isHealthy(judgeDatabase(asked()))).toBe(true);
    expect(told(judgeDatabase(asked())).every((one) => one.startsWith('ok: '))).toBe(true);
  });

  test.each<[string, string, Finding[], RegExp]>([
    ['database', 'too old', judgeDatabase(asked({ isSupported: 'too-old' })), /^failed: .*older than any/],
    [
      'database',
      'too new',
      judgeDatabase(asked({ isSupported: 'newer-than-tested' })),
      /^warning: .*newer than any/,
    ],
    ['database', 'forgetful', judgeDatabase(asked({ isDurable: false })), /^warning: .*synchronous_commit/],
    ['database', 'far away', judgeDatabase(asked({}, { ms: 250 })), /^warning: .*one region/],
    [
      'database-rights',
      'none',
      judgeDatabase(asked({ mayMigrate: false })),
      /^failed: .*owner to attendance;/,
    ],
    [
      'database-rights',
      "another's tables",
      judgeDatabase(asked({ migrations: { ofOwner: { name: 'before', isFirst: false } } })),
      /^failed: .*before has set them up.*reassign owned by before to attendance;/,
    ],
    [
      'database-rights',
      "the server's first role's tables",
      judgeDatabase(asked({ migrations: { ofOwner: { name: 'postgres', isFirst: true } } })),
      /^failed: .*postgres has set them up.*back up with it, and restore.*attendance owns/,
    ],
    [
      'migrations',
      "another's tables",
      judgeDatabase(asked({ migrations: { ofOwner: { name: 'before', isFirst: false } } })),
      /^not-checked: .*database-rights/,
    ],
    [
      'migrations',
      'to be run',
      judgeDatabase(asked({ migrations: { applied: 5, pending: ['0005_excuses'], newer: 0 } })),
      /^failed: .*0005_excuses.*db migrate/,
    ],
    [
      'migrations',
      'of a newer release',
      judgeDatabase(asked({ migrations: { applied: 8, pending: [], newer: 2 } })),
      /^warning: A newer release/,
    ],
    [
      'connections',
      'enough for one process',
      judgeDatabase(asked({ connections: { most: 40, mostOfRole: undefined, used: 1 } })),
      /^warning: .*not for two.*DB_POOL_MAX to 16/,
    ],
    [
      'connections',
      'too few, by what the role may have',
      judgeDatabase(asked({ connections: { most: 97, mostOfRole: 20, used: 1 } })),
      /^failed: .*DB_POOL_MAX to 6/,
    ],
    [
      'connections',
      'of the server behind a pooler: the pool does not count',
      judgeDatabase(asked({ isPooled: true }, { hasDirect: true }), asked({}, { hasDirect: true })),
      /^ok: .*up to 4\. That is enough for 24/,
    ],
    [
      'statement-timeout',
      'none behind a pooler',
      judgeDatabase(asked({ isPooled: true }, { hasDirect: true }), asked({}, { hasDirect: true })),
      /^warning: .*alter role attendance set statement_timeout = '10s';/,
    ],
    [
      'statement-timeout',
      "the role's own behind a pooler",
      judgeDatabase(asked({ isPooled: true, statementWithinMs: 8000 }, { hasDirect: true }), asked()),
      /^ok: The server gives a statement 8 s/,
    ],
    ['pooler', 'alone', judgeDatabase(asked({ isPooled: true })), /^failed: .*Set DATABASE_DIRECT_URL/],
    [
      'pooler',
      'twice',
      judgeDatabase(
        asked({ isPooled: true }, { hasDirect: true }),
        asked({ isPooled: true }, { hasDirect: true }),
      ),
      /^warning: DATABASE_DIRECT_URL leads to a pooler, too/,
    ],
    ['database-tls', 'none', judgeDatabase(asked({ tls: undefined })), /^warning: .*not encrypted/],
    ['database-tls', "none to one's own", judgeDatabase(asked({ tls: undefined }, { isOwn: true })), /^ok: /],
  ])('%s: %s', (check, _what, findings, words) => {
    expect(of(check, findings)).toEqual([expect.stringMatching(words)]);
  });
});

describe('what is found of clocks, keys and work', () => {
  const clocks = (aheadMs: number) => judgeClocks([{ whose: 'lms.example', aheadMs }]);
  const key = { kid: 'k', state: 'signing', createdAt: days(-10), opens: 'current' } as const;
  const certificate = { host: 'tool.example', validTo: days(80), issuer: 'R11', refusedFor: undefined };
  const queue = { schedules: ['seal-audit'], failures: [], lateMs: 0 };

  test.each<[string, Finding[], RegExp]>([
    ['clocks that agree', clocks(4_000), /^ok: .*agrees with lms.example/],
    ['a clock behind', clocks(12_000), /^warning: .*is 12 s behind that of lms.example/],
    ['a clock far ahead', clocks(-90_000), /^failed: .*is 90 s ahead of that of lms.example.*NTP/],
    ['a key', judgeKeys([key], true, now), /^ok: /],
    ['no key', judgeKeys([], true, now), /^failed: There is no key/],
    [
      'a key under the old secret',
      judgeKeys([{ ...key, opens: 'previous' }], true, now),
      /^warning: .*keys reseal/,
    ],
    ['a key under a lost secret', judgeKeys([{ ...key, opens: 'no' }], true, now), /^failed: .*keys renew/],
    ['other seals that do not open', judgeKeys([key], false, now), /^failed: .*keys renew/],
    [
      'an old key',
      judgeKeys([{ ...key, createdAt: days(-500) }], true, now),
      /^warning: .*500 days.*keys rotate/,
    ],
    ['a certificate', judgeCertificate(certificate, now), /^ok: .*good for 80 days/],
    [
      'one that ends soon',
      judgeCertificate({ ...certificate, validTo: days(5) }, now),
      /^warning: .*for 5 days/,
    ],
    [
      'one for another name',
      judgeCertificate({ ...certificate, refusedFor: 'ERR_TLS_CERT_ALTNAME_INVALID' }, now),
      /^failed: .*for another name/,
    ],
    ['our keys', judgeShownKeys('https://tool.example', ['a', 'b'], ['a']), /^ok: /],
    [
      'an older list of our keys',
      judgeShownKeys('https://tool.example', ['a'], ['a', 'b']),
      /^warning: .*five minutes/,
    ],
    [
      "another's keys",
      judgeShownKeys('https://tool.example', ['c'], ['a', 'b']),
      /^failed: Another installation/,
    ],
    ['work', judgeQueue(queue, ['seal-audit']), /^ok: /],
    ['no queue', judgeQueue({ ...queue, schedules: undefined }, []), /^warning: .*Start the tool once/],
    [
      'work that waits',
      judgeQueue({ ...queue, lateMs: 1_800_000 }, []),
      /^failed: .*30 minutes.*Is the tool running/,
    ],
    ['work that nobody planned', judgeQueue(queue, ['apply-retention']), /^warning: .*apply-retention/],
    [
      'work that failed',
      judgeQueue({ ...queue, failures: [{ name: 'sync-roster', count: 3 }] }, []),
      /^warning: .*sync-roster \(3\)/,
    ],
    ['a fresh backup', judgeBackups('/b', days(-1), now), /^ok: .*24 hours/],
    ['an old backup', judgeBackups('/b', days(-3), now), /^warning: .*72 hours/],
    [
      'no backup',
      judgeBackups('/b', undefined, now),
      /^warning: There is no backup of this installation in \/b/,
    ],
  ])('%s', (_what, findings, words) => {
    expect(told(findings)).toEqual([expect.stringMatching(words)]);
  });

  test('findings are told in one order, those of one check as they came', () => {
    const found = [
      warning('backups', 'b', ''),
      warning('database', '1', ''),
      ok('settings', 's'),
      ok('database', '2'),
    ];
    expect(sortFindings(found).map(({ sentence }) => sentence)).toEqual(['s', '1', '2', 'b']);
  });
});

describe('docs/troubleshoot.md', () => {
  const page = readFileSync('docs/troubleshoot.md', 'utf8');

  test.each([...checkIds])('has a cure for what doctor calls %s', (id) => {
    expect(page).toContain(`\`${id}\``);
  });

  test.each(Object.keys(httpStatusByCode))('has a cause and a cure for the refusal %s', (code) => {
    expect(page).toContain(`\`${code}\``);
  });
});
