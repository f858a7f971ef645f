import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { and, isNotNull, isNull } from 'drizzle-orm';
import pg from 'pg';
import { parseEnv } from '#lib/base/env.ts';
import { newId } from '#lib/base/ids.ts';
import { openDatabase } from '#lib/db/client.ts';
import { excuseFiles } from '#lib/db/schema.ts';
import { openFileStore } from '#lib/files/open-file-store.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { contentOf } from '../support/stored-files.ts';
import type { Check, HeldClass } from './checks.ts';
import { runCommand } from './run-command.ts';
import type { Stand } from './stand.ts';
import { ask } from './web.ts';

/** What people have entered. Jobs and sign-ins come and go by themselves. */
const compared = [
  'people',
  'courses',
  'memberships',
  'meetings',
  'attendance_records',
  'check_ins',
  'excuses',
  'excuse_files',
  'audit_events',
];

const restoredPrefix = 'restored/';

/** Last night's backup, brought back on another database and another part of the store. */
export function backupCheck(stand: Stand, { student }: HeldClass): Check {
  return {
    name: 'backup and restore',
    work: async () => {
      const cli = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
        runCommand(stand.node, ['lib/cli/main.ts', ...args], {
          cwd: stand.clone,
          env: { ...stand.env, ...more, PATH: `${stand.postgres.bin}:${stand.env.PATH ?? ''}` },
        });
      const handedIn = await ask(`${stand.toolUrl}${student.documents}/${newId()}`, {
        ca: await readFile(stand.authority.authorityFile, 'utf8'),
        ...{ method: 'PUT', headers: student.headers, body: pdfDocument() },
      });
      assert.equal(handedIn.status, 200, handedIn.body);
      await cli(['backup']);
      const elsewhere = await stand.postgres.createDatabase('restored');
      await cli(['restore', 'latest', '--to-database', elsewhere], { S3_PREFIX: restoredPrefix });
      const [before, after] = [
        await countRows(stand.settings.DATABASE_URL ?? ''),
        await countRows(elsewhere),
      ];
      assert.deepEqual(after, before);
      assert.ok(
        (before.attendance_records ?? 0) > 0 && (before.check_ins ?? 0) > 0,
        'there was nothing to lose',
      );
      const documents = await compareDocuments(stand, elsewhere);
      const told = ['people', 'attendance_records', 'check_ins', 'excuses', 'excuse_files', 'audit_events'];
      const rows = told.map((name) => `${String(after[name])} ${name.replace('_', ' ')}`).join(', ');
      return `${rows}; ${String(documents)} documents byte by byte`;
    },
  };
}

/** Every document that the restored database knows lies in its part of the store, as it was. @returns how many */
async function compareDocuments({ settings }: Stand, restored: string): Promise<number> {
  const storeAt = (prefix: string) => {
    const parsed = parseEnv({ ...settings, S3_PREFIX: prefix });
    assert.ok(parsed.ok);
    return openFileStore(parsed.env);
  };
  const [before, after] = [storeAt(settings.S3_PREFIX ?? ''), storeAt(restoredPrefix)];
  const database = openDatabase(restored, { poolMax: 1, onIdleError: () => undefined });
  try {
    const kept = await database.db
      .select({ key: excuseFiles.objectKey })
      .from(excuseFiles)
      .where(and(isNotNull(excuseFiles.storedAt), isNull(excuseFiles.removedAt)));
    for (const { key } of kept) {
      const content = await contentOf(after, key);
      assert.ok(content !== undefined, 'a document is missing');
      assert.ok((await contentOf(before, key))?.equals(content), 'a document is another one');
    }
    assert.ok(kept.length > 0, 'there were no documents to lose');
    return kept.length;
  } finally {
    await database.close();
  }
}

async function countRows(url: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const counts: Record<string, number> = {};
    for (const table of compared) {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::int as count from ${pg.escapeIdentifier(table)}`,
      );
      counts[table] = rows[0]?.count ?? 0;
    }
    return counts;
  } finally {
    await client.end();
  }
}
