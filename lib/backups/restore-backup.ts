import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { AuditVerdict } from '../audit/verify-audit.ts';
import { auditHeadsFileOf } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { openFileStore } from '../files/open-file-store.ts';
import { erasePerson } from '../privacy/erase-person.ts';
import { connectionFor } from './connection-for.ts';
import { findProgram } from './find-program.ts';
import type { FoundProgram } from './find-program.ts';
import type { Manifest } from './input.ts';
import { listBackups } from './list-backups.ts';
import { fetchPart } from './open-backups.ts';
import type { Backups } from './open-backups.ts';
import {
  analyze,
  countRows,
  createSchemas,
  dropWaitingMessages,
  schemas,
  selectServerMajor,
} from './queries.ts';
import { compareRows, erasedSince, fingerprintsOf } from './rules.ts';
import { runProgram } from './run-program.ts';
import { inWorkFolder } from './work-folder.ts';

export interface Restored {
  kind: 'restored';
  name: string;
  manifest: Manifest;
  /** Tables that do not hold as many rows as were backed up: none, or the restore is not whole. */
  differing: { table: string; expected: number; found: number }[];
  /** Documents that lie in the store again. */
  documents: number;
  /** False: what lies sealed does not open with SESSION_SECRET. */
  secretFits: boolean;
  /** Whether the backup's heads lie where the settings look for them now. */
  headsAre: 'put' | 'others-there' | 'none';
  /** Undefined where the secret does not fit: nothing could be proven. */
  audit: AuditVerdict | undefined;
  /** Mails that had waited and will not be sent. */
  messagesDropped: number;
  /** People who had been erased after the backup, as later backups know, and are so again. */
  erasedAgain: string[];
  /** Those for whom that could not be done, because the secret does not fit. */
  toErase: string[];
}

export type Restore =
  | Restored
  | { kind: 'unknown'; isBrokenOff: boolean }
  | { kind: 'not-empty'; tables: number }
  | { kind: 'server-too-old'; serverMajor: number; least: number }
  | { kind: 'other-secret'; needed: string[]; given: string[] }
  | Extract<FoundProgram, { kind: 'missing' }>;

/**
 * Brings a backup into an empty database, and its documents into the store of the settings; then checks that all is
 * there. An operator's act. What must not happen twice is stopped: mails that waited are not sent, and whoever was
 * erased since is erased again.
 *
 * @param name of the backup; undefined: the newest whole one of this installation, or else of the place
 * @param url of the empty database, which `ctx` has open
 * @param despiteSecret restore although what lies sealed will not open
 * @throws ProgramFailedError, DamagedBackupError: the database is as empty as it was, or to be emptied
 * @throws AppError `files-unavailable`
 */
export async function restoreBackup(
  ctx: Ctx,
  settings: Env,
  given: {
    backups: Backups;
    name: string | undefined;
    url: string;
    despiteSecret: boolean;
    nameOf: (number: number) => string;
  },
): Promise<Restore> {
  const { backups, url } = given;
  const listed = await listBackups(backups);
  const whole = listed.flatMap(({ name, manifest }) => (manifest === undefined ? [] : [{ name, manifest }]));
  const chosen =
    given.name === undefined
      ? (whole.findLast(({ manifest }) => manifest.tool === settings.PUBLIC_URL) ?? whole.at(-1))
      : whole.find(({ name }) => name === given.name);
  if (chosen === undefined) {
    return { kind: 'unknown', isBrokenOff: listed.some(({ name }) => name === given.name) };
  }
  const { name, manifest } = chosen;

  const tables = Object.keys(await countRows(ctx.db)).length;
  if (tables > 0) return { kind: 'not-empty', tables };
  const serverMajor = await selectServerMajor(ctx.db);
  if (serverMajor < manifest.database.serverMajor) {
    return { kind: 'server-too-old', serverMajor, least: manifest.database.serverMajor };
  }
  const fingerprints = fingerprintsOf(ctx.secrets);
  const secretFits = manifest.secrets.some((needed) => fingerprints.includes(needed));
  if (!secretFits && !given.despiteSecret) {
    return { kind: 'other-secret', needed: manifest.secrets, given: fingerprints };
  }
  const program = findProgram('pg_restore', manifest.database.dumpMajor);
  if (program.kind === 'missing') return program;

  return inWorkFolder(settings, async (folder) => {
    const dump = join(folder, 'database');
    await fetchPart(backups, { name, part: 'database', expected: manifest.database, path: dump });
    await createSchemas(ctx.db);
    const connection = await connectionFor({}, url, folder);
    await runProgram(
      program.path,
      [
        ...['--single-transaction', '--exit-on-error', '--no-owner', '--no-privileges', '--no-password'],
        ...[...schemas.map((schema) => `--schema=${schema}`), `--dbname=${connection.PGDATABASE}`, dump],
      ],
      connection,
    );
    const differing = compareRows(manifest.database.rows, await countRows(ctx.db));
    const documents = await bringDocuments(backups, { name, manifest, settings, path: join(folder, 'one') });
    const heads = join(folder, 'heads');
    if (manifest.heads !== null) {
      await fetchPart(backups, { name, part: 'heads', expected: manifest.heads, path: heads });
    }
    // A backup of an earlier release: what follows speaks of tables as they are now.
    await migrateDatabase(url);
    await analyze(ctx.db);
    const audit = secretFits
      ? await verifyAudit(ctx, { headsFile: manifest.heads === null ? undefined : heads })
      : undefined;
    const messagesDropped = await dropWaitingMessages(ctx.db, ctx.now);
    const others = whole.map((other) => other.manifest).filter(({ tool }) => tool === manifest.tool);
    const toErase = erasedSince(manifest, others);
    const erasedAgain: string[] = [];
    for (const personId of secretFits ? toErase : []) {
      const erased = await erasePerson(ctx, { personId, nameOf: given.nameOf });
      if (erased.kind === 'erased') erasedAgain.push(personId);
    }
    return {
      ...{ kind: 'restored', name, manifest, differing, documents, secretFits, audit },
      ...{ messagesDropped, erasedAgain, toErase: secretFits ? [] : toErase },
      headsAre: manifest.heads === null ? 'none' : await putHeads(heads, auditHeadsFileOf(settings)),
    };
  });
}

async function bringDocuments(
  backups: Backups,
  given: { name: string; manifest: Manifest; settings: Env; path: string },
): Promise<number> {
  const { name, manifest, settings, path } = given;
  if (!manifest.documents.areIncluded) return 0;
  const store = openFileStore(settings);
  let brought = 0;
  for (const { key, bytes, sha256 } of manifest.documents.files) {
    if (sha256 === null) continue;
    await fetchPart(backups, { name, part: `documents/${key}`, expected: { bytes, sha256 }, path });
    await store.put(key, { path, bytes, mediaType: 'application/octet-stream' });
    brought += 1;
  }
  return brought;
}

/** Heads that lie there already are proof of something else: they stay. */
async function putHeads(from: string, to: string): Promise<'put' | 'others-there'> {
  await mkdir(dirname(to), { recursive: true });
  try {
    // `COPYFILE_EXCL`: never over another one.
    await copyFile(from, to, 1);
    return 'put';
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return 'others-there';
    throw error;
  }
}
