import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isTimeZone } from '../base/time.ts';
import { openFileStore, uploadFolderOf } from '../files/open-file-store.ts';
import { importFromV2 } from '../imports/import-v2.ts';
import type { ImportReport } from '../imports/import-order.ts';
import type { Import } from '../imports/import-v2.ts';
import { cures } from '../imports/rules.ts';
import type { Cure } from '../imports/rules.ts';
import { rehearse } from '../privacy/rehearse.ts';
import { requiredText, textOf, UsageError } from './command.ts';
import type { Answer, DatabaseCommand, Given } from './command.ts';
import { deploymentNamed, whichDeployment } from './deployment-commands.ts';
import { counted, table } from './layout.ts';
import { openWithoutLimits } from './open-command-line.ts';

export const importCommands: readonly DatabaseCommand[] = [
  {
    words: 'import-v2',
    purpose:
      'Bring over what version 2.0.0 of the tool kept. Without --write it only says what it would do (docs/upgrade.md).',
    options: {
      from: 'postgres://… of the old database; it is read alone. A password may come by PGPASSWORD',
      deployment: whichDeployment,
      files: 'the old public folder, with the files of excuses',
      'time-zone': 'zone of courses that no teacher has opened here yet (default: TZ)',
      'old-time-zone': "zone of times that the old database keeps without one (default: each course's own)",
      write: 'do it',
      'dry-run': 'only say what would be done; so it is without --write anyway',
    },
    required: ['from', 'deployment'],
    flags: ['write', 'dry-run'],
    async run({ ctx, settings }, given) {
      const writes = given.write === true;
      if (writes && given['dry-run'] === true) throw new UsageError('Either --write or --dry-run.');
      const deployment = await deploymentNamed(ctx, requiredText(given, 'deployment'));
      const folder = textOf(given, 'files');
      if (folder !== undefined && !existsSync(folder)) throw new UsageError(`There is no folder ${folder}.`);
      const order = {
        ...{ deploymentId: deployment.id, platformId: deployment.platformId },
        timeZone: zoneOf(given, 'time-zone') ?? settings.TZ ?? 'UTC',
        oldTimeZone: zoneOf(given, 'old-time-zone'),
        documents:
          folder === undefined
            ? undefined
            : {
                ...{ folder: resolve(folder), store: openFileStore(settings), keeps: writes },
                ...{ uploadFolder: uploadFolderOf(settings), maxBytes: settings.MAX_FILE_SIZE },
              },
      };
      const old = openWithoutLimits(requiredText(given, 'from'), 1);
      try {
        const done = writes
          ? await importFromV2(ctx, old.db, order)
          : await rehearse(ctx, (tx) => importFromV2(tx, old.db, order));
        return tellImport(done, writes);
      } finally {
        await old.close();
      }
    },
  },
];

/** @throws UsageError when it is no zone */
function zoneOf(given: Given, name: string): string | undefined {
  const zone = textOf(given, name);
  if (zone !== undefined && !isTimeZone(zone))
    throw new UsageError(`--${name} is a zone, such as Europe/Berlin.`);
  return zone;
}

function tellImport(done: Import, writes: boolean): Answer {
  if (done.kind === 'busy') {
    return { text: 'Another import is running. Nothing was done.', data: done, refused: true };
  }
  if (done.kind === 'other-shape') {
    const lines = done.missing.map(({ table: name, field, names }) =>
      field === null
        ? [`  table ${name}`, 'is not there']
        : [`  ${name}: ${field}`, `a column called ${names.join(', or ')}`],
    );
    return {
      text: [
        'Nothing was done: the old database is not as version 2.0.0 is known to have been. Missing:',
        table(lines),
        done.found.length === 0
          ? 'None of its tables was found: is it the right database, and its schema on the search path?'
          : `Found: ${done.found.join(', ')}`,
        'A view with the right names, in a schema that comes first on the search path, helps (docs/upgrade.md).',
      ].join('\n'),
      data: done,
      refused: true,
    };
  }
  return { text: tellReport(done, writes).join('\n'), data: { ...done, written: writes } };
}

function tellReport(done: ImportReport, writes: boolean): string[] {
  const mended = cures.filter((cure) => done.cures[cure] > 0);
  const rows = done.courses.map((course) => [
    `  ${course.title}${course.isNew ? ' (new here)' : ''}`,
    counted(course.meetings, 'meeting'),
    counted(course.members, 'new member'),
    counted(course.records, 'record'),
    counted(course.excuses, 'excuse'),
    counted(course.documents, 'document'),
    course.there === 0 ? '' : `${String(course.there)} there already`,
  ]);
  return [
    writes ? 'Brought over:' : 'Would bring over (nothing was changed; --write does it):',
    rows.length === 0 ? '  no course' : table(rows),
    ...(mended.length === 0
      ? []
      : [
          'Mended, or left behind:',
          table(mended.map((cure) => [`  ${meaningOf[cure]}`, String(done.cures[cure])])),
        ]),
    ...done.waiting.map(
      ({ oldId, title }) =>
        `Waits: "${title}" (course ${oldId}). Let its teacher open Attendance in it once, then say this again.`,
    ),
    ...(done.unidentified.length === 0
      ? []
      : [`Users nobody can tell apart (id): ${listed(done.unidentified)}`]),
    ...(done.unplaceable.length === 0
      ? []
      : [`Sessions without a usable day or time (id): ${listed(done.unplaceable)}`]),
    ...(done.documentsLeft === 0
      ? []
      : [
          `${counted(done.documentsLeft, 'document')} of excuses left behind: name the old public folder with --files.`,
        ]),
    ...(done.tokens === null || done.tokens === 0
      ? []
      : [`${counted(done.tokens, 'check-in token')} left behind: they were good for minutes.`]),
    ...(done.unread.length === 0 ? [] : [`Not read: ${done.unread.join(', ')}`]),
  ];
}

const mostListed = 20;

function listed(ids: readonly string[]): string {
  const more = ids.length - mostListed;
  return `${ids.slice(0, mostListed).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}

const meaningOf: Readonly<Record<Cure, string>> = {
  'users-joined': 'users that are another row of somebody: joined',
  'users-contradicting': 'pairs of users that share something, parted by something stronger: left apart',
  'people-unidentified': 'people without a `sub`, Canvas number or SIS id that is known: left behind',
  'records-doubled': 'second records of a student at a meeting: gave way, and stand in the log',
  'records-orphaned': 'records without a user or a usable session: left behind',
  'records-of-staff': 'records of people who run courses: left behind',
  'records-of-unidentified': 'records of people who could not be identified: left behind',
  'status-unknown': 'records with a status that version 2.0.0 did not have: left behind',
  'status-follows-times': 'records with another status, because it follows from their times',
  'full-minutes-ended': 'late check-ins that had earned full minutes: they count from their arrival',
  'late-without-time': 'late without a time: counted from the first minute that is late',
  'partial-without-time': 'left early without a time: counted until the last minute that is early',
  'times-unusable': 'arrivals or leavings outside of their meeting: left out',
  'excuses-undecided': 'excuses that had excused by upload alone: accepted, for a teacher to look at',
  'documents-missing': 'documents that were not found in the folder',
  'documents-refused': 'documents that are no PDF or picture that is taken, or too large: left behind',
  'sessions-unplaceable': 'sessions without a usable day or time: left behind',
  'sessions-orphaned': 'sessions of no course: left behind',
  'breaks-unusable': 'breaks that do not fit into their meeting: left out',
  'links-not-https': 'online links that are not https: left out',
  'texts-cut': 'texts that are too long: cut',
  'courses-waiting': 'courses that nobody has opened here yet: they wait',
};
