import { randomBytes } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditHeadsFileOf } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { takeSoleLock } from '../db/sole-lock.ts';
import { transaction } from '../db/transaction.ts';
import type { FileStore } from '../files/file-store.ts';
import { openFileStore } from '../files/open-file-store.ts';
import { connectionFor } from './connection-for.ts';
import { findProgram } from './find-program.ts';
import type { FoundProgram } from './find-program.ts';
import type { Beginning, Manifest } from './input.ts';
import { listBackups } from './list-backups.ts';
import { openBackups, putPart, putText, writeStream } from './open-backups.ts';
import type { Backups } from './open-backups.ts';
import {
  beginSnapshot,
  countRows,
  schemas,
  selectErasedPeople,
  selectKeptDocuments,
  selectServerMajor,
} from './queries.ts';
import { chooseOutdated, fingerprintsOf } from './rules.ts';
import { runProgram } from './run-program.ts';
import { inWorkFolder } from './work-folder.ts';

export type Backup =
  | { kind: 'taken'; name: string; place: string; manifest: Manifest; deleted: string[] }
  | { kind: 'busy' }
  | Extract<FoundProgram, { kind: 'missing' }>;

/**
 * Backs up the database of one moment, the documents that it knows, and the heads of the log of changes. The manifest
 * comes last: what has none is no backup. Only when it is there does what is too old go. An operator's act.
 *
 * @param url the database itself, not a pooler in front of it
 * @param withDocuments false: their list alone is kept
 * @throws ProgramFailedError
 * @throws AppError `files-unavailable`: the place of backups, or that of documents
 */
export async function takeBackup(
  ctx: Ctx,
  settings: Env,
  { url, withDocuments }: { url: string; withDocuments: boolean },
): Promise<Backup> {
  const backups = openBackups(settings);
  return inWorkFolder(settings, (folder) =>
    transaction(ctx, async (tx): Promise<Backup> => {
      // Before the moment of the snapshot: heads of seals that the dump does not hold would look cut off.
      const heads = await copyHeads(settings, join(folder, 'heads'));
      const snapshot = await beginSnapshot(tx.db);
      if (!(await takeSoleLock(tx.db, 'backup'))) return { kind: 'busy' };
      const serverMajor = await selectServerMajor(tx.db);
      const program = findProgram('pg_dump', serverMajor);
      if (program.kind === 'missing') return program;

      const name = nameAt(ctx.now);
      const begun: Beginning = { tool: settings.PUBLIC_URL, startedAt: ctx.now.toISOString() };
      const text = join(folder, 'text');
      await putText(backups, { name, part: 'begun', value: begun, path: text });
      const dump = join(folder, 'database');
      await runProgram(
        program.path,
        [
          ...['--format=custom', '--no-owner', '--no-privileges', '--no-password', `--snapshot=${snapshot}`],
          ...[...schemas.map((schema) => `--schema=${schema}`), `--file=${dump}`],
        ],
        await connectionFor(settings, url, folder),
      );
      const manifest: Manifest = {
        ...{ format: 1, ...begun },
        database: {
          ...(await putPart(backups, name, 'database', dump)),
          ...{ serverMajor, dumpMajor: program.major, rows: await countRows(tx.db) },
        },
        documents: await keepDocuments(backups, {
          ...{ name, path: join(folder, 'document'), withDocuments },
          documents: await selectKeptDocuments(tx.db),
          files: openFileStore(settings),
        }),
        heads: heads === undefined ? null : await putPart(backups, name, 'heads', heads),
        secrets: fingerprintsOf(ctx.secrets),
        erasedPeople: await selectErasedPeople(tx.db),
        endedAt: new Date().toISOString(),
      };
      await putText(backups, { name, part: 'manifest', value: manifest, path: text });
      const deleted = await deleteOutdated(backups, {
        ...{ tool: begun.tool, newest: name, now: ctx.now, keepDays: settings.BACKUP_KEEP_DAYS },
      });
      return { kind: 'taken', name, place: backups.place, manifest, deleted };
    }),
  );
}

/** `20261126t010000z-4f09ab`: sorted by name they are sorted by time. */
function nameAt(now: Date): string {
  const moment = now.toISOString().slice(0, 19).replace(/[-:]/g, '').toLowerCase();
  return `${moment}z-${randomBytes(3).toString('hex')}`;
}

/** Undefined: nothing has been sealed yet, or the heads are kept elsewhere. */
async function copyHeads(settings: Env, path: string): Promise<string | undefined> {
  try {
    await copyFile(auditHeadsFileOf(settings), path);
    return path;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function keepDocuments(
  backups: Backups,
  given: {
    name: string;
    path: string;
    withDocuments: boolean;
    documents: readonly { key: string; bytes: number }[];
    files: FileStore;
  },
): Promise<Manifest['documents']> {
  const { name, path, withDocuments, documents, files } = given;
  if (!withDocuments) {
    return {
      ...{ areIncluded: false, missing: [] },
      files: documents.map((document) => ({ ...document, sha256: null })),
    };
  }
  const kept: Manifest['documents'] = { areIncluded: true, files: [], missing: [] };
  for (const { key } of documents) {
    const opened = await files.open(key);
    // Deleted since the snapshot, because it was withdrawn or its time was over; or lost before.
    if (opened === undefined) {
      kept.missing.push(key);
      continue;
    }
    await writeStream(opened.body, path);
    kept.files.push({ key, ...(await putPart(backups, name, `documents/${key}`, path)) });
  }
  return kept;
}

/** The manifest goes first: what is half deleted is no backup any more. */
async function deleteOutdated(
  backups: Backups,
  given: Parameters<typeof chooseOutdated>[1],
): Promise<string[]> {
  const found = await listBackups(backups);
  const outdated = new Set(chooseOutdated(found, given));
  const beginningLast = (key: string) => (key.endsWith('/manifest') ? 0 : key.endsWith('/begun') ? 2 : 1);
  for (const { name, parts } of found) {
    if (!outdated.has(name)) continue;
    for (const key of parts.sort((a, b) => beginningLast(a) - beginningLast(b))) {
      await backups.store.delete(key);
    }
    await backups.tidy(name);
  }
  return [...outdated];
}
