import { listBackups } from '../backups/list-backups.ts';
import { openBackups } from '../backups/open-backups.ts';
import { restoreBackup } from '../backups/restore-backup.ts';
import type { Restore, Restored } from '../backups/restore-backup.ts';
import { takeBackup } from '../backups/take-backup.ts';
import type { Backup } from '../backups/take-backup.ts';
import { passwordBeside } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import { createLog } from '../base/log.ts';
import { createDatabaseClock } from '../db/clock.ts';
import { translatorFor } from '../i18n/translator.ts';
import { requiredText, textOf, UsageError } from './command.ts';
import type { Answer, Command, Given } from './command.ts';
import { counted, momentText, table } from './layout.ts';
import { openWithoutLimits } from './open-command-line.ts';

const whichPlace = 'a folder, or s3://bucket/prefix (default: BACKUP_TO)';

export const backupCommands: readonly Command[] = [
  {
    words: 'backup',
    purpose:
      'Back up the database, the documents and the heads of the log of changes to BACKUP_TO; then delete backups older than BACKUP_KEEP_DAYS.',
    options: {
      'without-files': 'keep the list of documents, not the documents (say, where the bucket keeps versions)',
    },
    flags: ['without-files'],
    needsSchema: false,
    async run({ ctx, settings, database }, given) {
      const startedAt = performance.now();
      const backup = await takeBackup(ctx, settings, {
        url: database.url,
        withDocuments: given['without-files'] !== true,
      });
      return tellBackup(backup, (performance.now() - startedAt) / 1_000);
    },
  },
  {
    words: 'backups list',
    purpose: 'Show the backups that there are, the oldest first.',
    options: { from: whichPlace },
    async runAlone(settings, given) {
      const backups = openBackups(settings, textOf(given, 'from') ?? settings.BACKUP_TO);
      const listed = await listBackups(backups);
      const rows = listed.map(({ name, manifest, startedAt, tool }) => [
        name,
        startedAt === undefined ? '' : momentText(startedAt),
        manifest === undefined ? 'not whole' : sizeText(manifest.database.bytes),
        manifest === undefined ? '' : documentsText(manifest.documents),
        tool ?? '',
      ]);
      return {
        text: rows.length === 0 ? `There are no backups in ${backups.place}.` : table(rows),
        data: listed.map(({ parts: _, ...backup }) => backup),
      };
    },
  },
  {
    words: 'restore',
    purpose:
      'Bring a backup into an empty database, and its documents into the store of the settings (S3_… or SK_DATA_DIR); then check all of it.',
    arguments: { BACKUP: 'its name, as `backups list` shows it, or `latest`' },
    options: {
      'to-database': 'postgres://… of an empty database; a password may come by PGPASSWORD',
      from: whichPlace,
      'other-secret': 'restore although SESSION_SECRET is another one than the backup needs',
    },
    required: ['to-database'],
    flags: ['other-secret'],
    async runAlone(settings, given) {
      const startedAt = performance.now();
      const url = targetOf(given);
      const database = openWithoutLimits(url);
      try {
        const clock = createDatabaseClock(database.pool);
        await clock.measure();
        const t = translatorFor(settings.DEFAULT_LANGUAGE);
        const name = requiredText(given, 'BACKUP');
        const restored = await restoreBackup(
          {
            ...{ db: database.db, now: clock.now(), viewer: undefined, log: createLog('warn') },
            secrets: { current: settings.SESSION_SECRET, previous: settings.SESSION_SECRET_PREVIOUS },
          },
          settings,
          {
            url,
            backups: openBackups(settings, textOf(given, 'from') ?? settings.BACKUP_TO),
            name: name === 'latest' ? undefined : name,
            despiteSecret: given['other-secret'] === true,
            nameOf: (number) => t('privacy.erased-person', { number: String(number) }),
          },
        );
        return tellRestore(restored, name, settings, (performance.now() - startedAt) / 1_000);
      } finally {
        await database.close();
      }
    },
  },
];

/** What stands on a command line can be read by others on the machine: the password may come from outside of it. */
function targetOf(given: Given): string {
  const url = URL.parse(requiredText(given, 'to-database'));
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new UsageError('--to-database is an address: postgres://user@host:5432/database');
  }
  const beside = passwordBeside();
  // Not as the address' own: one without a host, by a socket, has no room for it.
  if (url.password === '' && beside !== undefined) url.searchParams.set('password', beside);
  return url.href;
}

function tellBackup(backup: Backup, seconds: number): Answer {
  switch (backup.kind) {
    case 'busy':
      return {
        text: 'Another backup of this database is running. Nothing was done.',
        data: backup,
        refused: true,
      };
    case 'missing':
      return { text: tellMissing(backup), data: backup, refused: true };
    case 'taken': {
      const { name, place, manifest, deleted } = backup;
      const { database, documents, heads, secrets } = manifest;
      const rows = Object.values(database.rows);
      const text = [
        `Backed up in ${seconds.toFixed(1)} s: ${place}/${name}`,
        table([
          [
            '  database',
            `${sizeText(database.bytes)}, ${counted(
              rows.reduce((sum, count) => sum + count, 0),
              'row',
            )} in ${counted(rows.length, 'table')} of PostgreSQL ${String(database.serverMajor)}`,
          ],
          ['  documents', documentsText(documents)],
          [
            '  log of changes',
            heads === null ? 'no heads were found (AUDIT_HEADS_FILE)' : `heads, ${sizeText(heads.bytes)}`,
          ],
          ['  not included', "the queue of jobs, which fills itself again, and the tool's settings"],
        ]),
        ...(documents.missing.length === 0
          ? []
          : [
              `${counted(documents.missing.length, 'document')} that the database knows ${documents.missing.length === 1 ? 'was' : 'were'} not in the store any more.`,
            ]),
        ...(deleted.length === 0
          ? []
          : [`Deleted, because of their age or because they were not whole: ${deleted.join(', ')}`]),
        `To be of use it needs SESSION_SECRET (fingerprint ${secrets.join(', before it ')}): keep that elsewhere.`,
      ].join('\n');
      return { text, data: { kind: backup.kind, name, place, seconds, deleted, ...manifest } };
    }
  }
}

function tellMissing({ name, least, newest }: Extract<Backup, { kind: 'missing' }>): string {
  const there =
    newest === undefined ? 'none was found here' : `the newest that was found here is ${String(newest)}`;
  const version = String(least);
  return [
    `${name} of PostgreSQL ${version} or newer is needed; ${there}. Install it:`,
    `  Debian, Ubuntu: apt-get install postgresql-client-${version} (an older system: from https://apt.postgresql.org)`,
    `  Amazon Linux, Fedora, RHEL: dnf install postgresql${version}`,
    `  macOS: brew install postgresql@${version}`,
  ].join('\n');
}

function tellRestore(restore: Restore, asked: string, settings: Env, seconds: number): Answer {
  const refused = (text: string): Answer => ({ text, data: restore, refused: true });
  switch (restore.kind) {
    case 'unknown':
      return refused(
        restore.isBrokenOff
          ? `${asked} was broken off while it was written, and is no backup. See \`backups list\`.`
          : 'There is no such backup. See `backups list`.',
      );
    case 'not-empty':
      return refused(
        `The database is not empty: it has ${counted(restore.tables, 'table')}. Make a new one (createdb), so that nothing is lost.`,
      );
    case 'server-too-old':
      return refused(
        `The backup is of PostgreSQL ${String(restore.least)}, this server is ${String(restore.serverMajor)}. Restore to ${String(restore.least)} or newer.`,
      );
    case 'other-secret':
      return refused(
        [
          `The backup needs another SESSION_SECRET: fingerprint ${restore.needed.join(' or ')}; this one's is ${restore.given.join(', ')}.`,
          'Nothing was done. Set that secret (or SESSION_SECRET_PREVIOUS to it). Is it lost, say --other-secret, and afterwards `keys renew`:',
          'people sign in again, check-ins are started again, and old seals of the log of changes can no longer be proven.',
        ].join('\n'),
      );
    case 'missing':
      return refused(tellMissing(restore));
    case 'restored': {
      const isWhole = restore.differing.length === 0 && (restore.audit?.problemCount ?? 0) === 0;
      const { manifest: _, ...data } = restore;
      return {
        text: tellRestored(restore, settings, seconds).join('\n'),
        data: { ...data, isWhole, seconds },
        refused: !isWhole,
      };
    }
  }
}

function tellRestored(restored: Restored, settings: Env, seconds: number): string[] {
  const { name, manifest, differing, audit, erasedAgain, toErase, messagesDropped } = restored;
  const tables = Object.keys(manifest.database.rows).length;
  const files = manifest.documents;
  return [
    `Restored ${name} in ${seconds.toFixed(1)} s:`,
    table([
      [
        '  database',
        differing.length === 0
          ? `all ${String(tables)} tables have as many rows as were backed up`
          : `NOT WHOLE: ${differing.map((row) => `${row.table} has ${String(row.found)} of ${counted(row.expected, 'row')}`).join(', ')}`,
      ],
      [
        '  documents',
        files.areIncluded
          ? `${String(restored.documents)} of ${String(files.files.length)}, each with the SHA-256 that was backed up`
          : `not part of this backup; ${String(files.files.length)} are expected in the store`,
      ],
      [
        '  log of changes',
        audit === undefined
          ? 'not looked at: the secret is another one'
          : audit.problemCount > 0
            ? `${counted(audit.problemCount, 'problem')}: see \`audit verify\``
            : `${counted(audit.events, 'change')} under ${counted(audit.seals, 'seal')} are as they were sealed${audit.heads === undefined ? '' : `, compared with ${counted(audit.heads.compared, 'head')}`}`,
      ],
      [
        '  secret',
        restored.secretFits ? 'fits' : 'is another one: run `keys renew` before the tool is started',
      ],
    ]),
    ...(messagesDropped === 0
      ? []
      : [
          `${counted(messagesDropped, 'mail')} that waited will not be sent: nobody knows whether they were since.`,
        ]),
    ...(erasedAgain.length === 0
      ? []
      : [
          `${counted(erasedAgain.length, 'person', 'people')} who had been erased since, as later backups know, were erased again.`,
        ]),
    ...(toErase.length === 0
      ? []
      : [
          `Erased since the backup, and to be erased again after \`keys renew\`:`,
          ...toErase.map((id) => `  npm run cli -- privacy erase --person ${id}`),
        ]),
    ...(restored.headsAre === 'others-there'
      ? [
          `Heads lie in ${settings.AUDIT_HEADS_FILE ?? settings.SK_DATA_DIR} already and stay; they may know seals that came after the backup, which \`audit verify\` then misses.`,
        ]
      : []),
    'Erasures since the last backup stand in no backup: repeat those that you know of (docs/backup.md). Then `privacy apply`.',
  ];
}

function documentsText(documents: { areIncluded: boolean; files: { bytes: number }[] }): string {
  const bytes = documents.files.reduce((sum, file) => sum + file.bytes, 0);
  const what = `${counted(documents.files.length, 'document')}, ${sizeText(bytes)}`;
  return documents.areIncluded ? what : `${what}: NOT included, their list alone`;
}

function sizeText(bytes: number): string {
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return bytes < 1_000_000_000
    ? `${(bytes / 1_000_000).toFixed(1)} MB`
    : `${(bytes / 1_000_000_000).toFixed(2)} GB`;
}
