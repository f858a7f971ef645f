import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { defaultRetention, retentionFields } from '../base/retention-policy.ts';
import type { RetentionField, RetentionPolicy } from '../base/retention-policy.ts';
import { isId } from '../base/ids.ts';
import { openFileStore } from '../files/open-file-store.ts';
import { translatorFor } from '../i18n/translator.ts';
import { applyRetention, retentionKinds } from '../privacy/apply-retention.ts';
import type { RetentionKind } from '../privacy/apply-retention.ts';
import { erasePerson } from '../privacy/erase-person.ts';
import type { Erased } from '../privacy/erase-person.ts';
import { exportPerson } from '../privacy/export-person.ts';
import { findPeople } from '../privacy/find-people.ts';
import { listRuns } from '../privacy/list-runs.ts';
import { rehearse } from '../privacy/rehearse.ts';
import { updateRetention } from '../privacy/update-retention.ts';
import { listOf, requiredText, textOf, UsageError } from './command.ts';
import type { Command, Given } from './command.ts';
import { deploymentNamed, whichDeployment } from './deployment-commands.ts';
import { counted, momentText, table } from './layout.ts';
import type { CommandLine } from './open-command-line.ts';

const whichPerson = 'the id of the person: `privacy find` tells it';

export const privacyCommands: readonly Command[] = [
  {
    words: 'privacy find',
    purpose: 'Look for people by a part of their name or e-mail address; fifty at most.',
    options: { name: 'a part of the name', email: 'a part of the e-mail address' },
    async run({ ctx }, given) {
      const sought = { name: textOf(given, 'name'), email: textOf(given, 'email') };
      if ((sought.name ?? '') + (sought.email ?? '') === '') {
        throw new UsageError('Say whom to look for, by --name or --email.');
      }
      const found = await findPeople(ctx, sought);
      const rows = found.map(({ id, name, email, platform, courses, lastSeenAt }) => [
        ...[id, name ?? '', email ?? '', platform, counted(courses, 'course')],
        `last seen ${momentText(lastSeenAt)}`,
      ]);
      return { text: rows.length === 0 ? 'Nobody was found.' : table(rows), data: found };
    },
  },
  {
    words: 'privacy export',
    purpose:
      'Write all that is kept of a person into a ZIP file, with their documents: what they can download themselves.',
    options: { person: whichPerson, to: 'the file; it must not be there yet' },
    required: ['person', 'to'],
    async run({ ctx, settings }, given) {
      const personId = personOf(given);
      const file = resolve(requiredText(given, 'to'));
      const zip = await exportPerson(ctx, personId, openFileStore(settings));
      await writeNewFile(file, zip);
      return {
        text: `Written: ${file}\nIt is personal: keep it from others, and delete it afterwards.`,
        data: { file },
      };
    },
  },
  {
    words: 'privacy erase',
    purpose:
      'Erase who somebody was, for good. Their attendance stays and belongs to a number; should the platform name them again, they are somebody new.',
    options: { person: whichPerson, 'dry-run': 'only say what would be erased' },
    required: ['person'],
    flags: ['dry-run'],
    async run(line, given) {
      const dryRun = given['dry-run'] === true;
      const order = { personId: personOf(given), nameOf: nameIn(line) };
      const erased = dryRun
        ? await rehearse(line.ctx, (ctx) => erasePerson(ctx, order))
        : await erasePerson(line.ctx, order);
      if (erased.kind === 'unknown') {
        return { text: `Nobody has the id ${order.personId}.`, data: erased, refused: true };
      }
      return { text: tellErased(erased, dryRun).join('\n'), data: { ...erased, dryRun } };
    },
  },
  {
    words: 'privacy apply',
    purpose: 'Erase what has been kept long enough, as the job does every night.',
    options: { 'dry-run': 'only say what would be erased' },
    flags: ['dry-run'],
    async run(line, given) {
      const dryRun = given['dry-run'] === true;
      const means = { nameOf: nameIn(line), endedAt: () => line.clock.now() };
      const erased = dryRun
        ? await rehearse(line.ctx, (ctx) => applyRetention(ctx, means))
        : await applyRetention(line.ctx, means);
      const rows = retentionKinds.map((kind) => [wordsOf[kind], String(erased[kind])]);
      return {
        text: [dryRun ? 'Would erase (nothing was changed):' : 'Erased:', table(rows)].join('\n'),
        data: { erased, dryRun },
      };
    },
  },
  {
    words: 'privacy runs',
    purpose: 'Show the last thirty runs of the job that erases what has been kept long enough.',
    options: {},
    async run({ ctx }) {
      const runs = await listRuns(ctx);
      const rows = runs.map(({ startedAt, endedAt, erased }) => [
        momentText(startedAt),
        endedAt === null ? 'did not end (or runs)' : `ended ${momentText(endedAt)}`,
        retentionKinds
          .filter((kind) => (erased[kind] ?? 0) > 0)
          .map((kind) => `${wordsOf[kind]}: ${String(erased[kind])}`)
          .join(', ') || 'nothing was due',
      ]);
      return { text: rows.length === 0 ? 'It has not run yet.' : table(rows), data: runs };
    },
  },
  {
    words: 'deployments retention',
    purpose: 'Show how long the institution of a deployment keeps what, in days, or change it.',
    arguments: { ID: whichDeployment },
    options: {
      set: 'for example excuseDocumentDays=14; may be given several times',
      reset: "a field in which the tool's own default holds again; may be given several times",
    },
    repeatable: ['set', 'reset'],
    async run({ ctx }, given) {
      const { id, deploymentId } = await deploymentNamed(ctx, requiredText(given, 'ID'));
      const set = Object.fromEntries(listOf(given, 'set').map(daysOf));
      const updated = await updateRetention(ctx, id, { set, reset: listOf(given, 'reset').map(fieldNamed) });
      if (updated.kind === 'invalid') {
        return {
          text: `Nothing was changed: ${updated.fields.join(', ')} must be whole days, up to 36500, and at least 1 (messageDays: 30, or what was told could be told again).`,
          data: { id, deploymentId, ...updated },
          refused: true,
        };
      }
      const { retention, changed } = updated;
      const done = `Changed: ${changed.join(', ')}. The job of the next night goes by it.`;
      return {
        text: [retentionTable(retention), ...(changed.length === 0 ? [] : [done])].join('\n'),
        data: { id, deploymentId, ...updated },
      };
    },
  },
];

const wordsOf: Readonly<Record<RetentionKind, string>> = {
  excuseDocuments: 'documents of excuses',
  excuseTexts: 'excuses, their words',
  evidence: 'check-ins, their evidence',
  messages: 'e-mails, that they were sent',
  phones: 'remembered phones that ended',
  people: 'people',
};

/** What lists call an erased person, in the language of the installation: everybody is shown the same name. */
function nameIn({ settings }: CommandLine): (number: number) => string {
  const t = translatorFor(settings.DEFAULT_LANGUAGE);
  return (number) => t('privacy.erased-person', { number: String(number) });
}

/** @throws UsageError when it is no id */
function personOf(given: Given): string {
  const text = requiredText(given, 'person');
  if (!isId(text)) throw new UsageError('--person is an id, such as `privacy find` shows.');
  return text;
}

/** For its owner's eyes alone; what could not be written whole does not stay. */
async function writeNewFile(file: string, content: ReadableStream<Uint8Array>): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await content.pipeTo(Writable.toWeb(handle.createWriteStream()));
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

function tellErased(erased: Erased, dryRun: boolean): string[] {
  const { entries, phones, links, messages, places, checkIns, notes, excuses, documents, events } = erased;
  const rows = [
    ['name, address and numbers', counted(entries, 'entry', 'entries')],
    ['remembered phones', String(phones)],
    ['calendar link, personal code', String(links)],
    ['e-mails that were sent or waited', String(messages)],
    ['evidence of check-ins', String(checkIns)],
    ['notes beside attendance', String(notes)],
    ['words of excuses', String(excuses)],
    ['documents', String(documents)],
    ['what the log told of them', counted(events, 'change')],
  ];
  return [
    `${dryRun ? 'Would erase' : 'Erased'}, in ${counted(places, 'course')}:`,
    table(rows.map(([what = '', count = '']) => [`  ${what}`, count])),
    dryRun
      ? 'Nothing was changed (--dry-run).'
      : 'Their attendance stays, and belongs to a number. The running tool deletes their documents from the store within minutes.',
  ];
}

function retentionTable(retention: RetentionPolicy): string {
  return table(
    retentionFields.map((field) => [
      field,
      String(retention[field]),
      retention[field] === defaultRetention[field]
        ? ''
        : `(the tool's own: ${String(defaultRetention[field])})`,
    ]),
  );
}

/** `excuseDocumentDays=14`. @throws UsageError */
function daysOf(text: string): [RetentionField, unknown] {
  const [, name = '', days] = /^([^=]*)=(\d+)$/.exec(text) ?? [];
  if (days === undefined) {
    throw new UsageError('--set is a field and whole days, for example excuseDocumentDays=14.');
  }
  return [fieldNamed(name), Number(days)];
}

/** @throws UsageError */
function fieldNamed(name: string): RetentionField {
  const field = retentionFields.find((known) => known === name);
  if (field === undefined) {
    throw new UsageError(`There is no field "${name}". There are: ${retentionFields.join(', ')}.`);
  }
  return field;
}
