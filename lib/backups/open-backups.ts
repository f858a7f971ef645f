import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rmdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Env } from '../base/env.ts';
import type { FileStore } from '../files/file-store.ts';
import { createFolderStore } from '../files/folder-store.ts';
import { createS3Store } from '../files/s3-store.ts';
import { isBackupName, readBeginning, readManifest } from './input.ts';
import type { Beginning, Manifest } from './input.ts';

/** The parts of a backup, by their keys below its name. */
export type Part = 'begun' | 'manifest' | 'database' | 'heads' | `documents/${string}`;

/** Where backups lie, whatever keeps them: a folder or a bucket. */
export interface Backups {
  /** As an operator knows the place. */
  place: string;
  store: FileStore;
  /** Clears away the empty folders of a backup whose parts are deleted, where there are folders. */
  tidy(name: string): Promise<void>;
}

type BackupSettings = Pick<
  Env,
  | 'BACKUP_TO'
  | 'SK_DATA_DIR'
  | 'S3_REGION'
  | 'S3_ENDPOINT'
  | 'S3_FORCE_PATH_STYLE'
  | 'S3_SERVER_SIDE_ENCRYPTION'
>;

/** A whole database travels in one object, and nobody waits at a screen. */
const patience = { connectMs: 5_000, answerMs: 60_000, requestMs: 6 * 3_600_000, attempts: 3 };

/** @param place a folder, or s3://bucket/prefix, which is spoken to as the S3_… settings say */
export function openBackups(settings: BackupSettings, place = settings.BACKUP_TO): Backups {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(place ?? '') ?? [];
  if (bucket === undefined) {
    const folder = resolve(place ?? `${settings.SK_DATA_DIR}/backups`);
    return {
      ...{ place: folder, store: createFolderStore(folder) },
      tidy: async (name) => {
        for (const path of [join(folder, name, 'documents'), join(folder, name)]) {
          // One that somebody else has put something into stays.
          await rmdir(path).catch(() => undefined);
        }
      },
    };
  }
  const asked = settings.S3_SERVER_SIDE_ENCRYPTION;
  const store = createS3Store(
    {
      ...{ bucket, region: settings.S3_REGION, endpoint: settings.S3_ENDPOINT },
      forcePathStyle: settings.S3_FORCE_PATH_STYLE,
      encryption: asked === 'none' ? undefined : asked,
      prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    },
    patience,
  );
  return { place: `s3://${bucket}/${prefix}`, store, tidy: () => Promise.resolve() };
}

/** All backups of a place by their names, each with the keys of its parts; the oldest first. */
export async function listParts({ store }: Backups): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  for await (const { key } of store.list()) {
    const [name = ''] = key.split('/', 1);
    if (isBackupName(name)) found.set(name, [...(found.get(name) ?? []), key]);
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}

/** Undefined: there is no such backup, or it was broken off. */
export async function loadManifest(backups: Backups, name: string): Promise<Manifest | undefined> {
  const text = await readText(backups, `${name}/manifest`);
  return text === undefined ? undefined : readManifest(text);
}

export async function loadBeginning(backups: Backups, name: string): Promise<Beginning | undefined> {
  const text = await readText(backups, `${name}/begun`);
  return text === undefined ? undefined : readBeginning(text);
}

async function readText({ store }: Backups, key: string): Promise<string | undefined> {
  const opened = await store.open(key);
  return opened === undefined ? undefined : new Response(opened.body).text();
}

/** Puts a file of this machine into a backup, whole or not at all, and tells what was put. */
export async function putPart(
  { store }: Backups,
  name: string,
  part: Part,
  path: string,
): Promise<{ bytes: number; sha256: string }> {
  const { size: bytes } = await stat(path);
  const sha256 = await hashFile(path);
  await store.put(`${name}/${part}`, { path, bytes, mediaType: 'application/octet-stream' });
  return { bytes, sha256 };
}

/** @param path where the text may lie meanwhile */
export async function putText(
  backups: Backups,
  { name, part, value, path }: { name: string; part: Part; value: unknown; path: string },
): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 1)}\n`, { mode: 0o600 });
  await putPart(backups, name, part, path);
}

/** A part does not hold what was written into it: it was changed, or the disk under it fails. */
class DamagedBackupError extends Error {}

/**
 * Brings a part to this machine's disk.
 *
 * @throws DamagedBackupError
 */
export async function fetchPart(
  { store }: Backups,
  given: { name: string; part: Part; expected: { bytes: number; sha256: string }; path: string },
): Promise<void> {
  const key = `${given.name}/${given.part}`;
  const opened = await store.open(key);
  if (opened === undefined) throw new DamagedBackupError(`${key} is missing from the backup.`);
  const found = await writeStream(opened.body, given.path);
  if (found.bytes !== given.expected.bytes || found.sha256 !== given.expected.sha256) {
    throw new DamagedBackupError(`${key} is not what was backed up: its SHA-256 differs.`);
  }
}

/** Writes what flows to a file, and tells what flowed. */
export async function writeStream(
  body: ReadableStream<Uint8Array>,
  path: string,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measured = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, onward) {
      hash.update(chunk);
      bytes += chunk.length;
      onward.enqueue(chunk);
    },
  });
  await body.pipeThrough(measured).pipeTo(Writable.toWeb(createWriteStream(path, { mode: 0o600 })));
  return { bytes, sha256: hash.digest('hex') };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
