import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkByUse } from './check-by-use.ts';
import { codeOf, failingByDisk } from './disk-failure.ts';
import { requireFileKey } from './file-store.ts';
import type { FileStore } from './file-store.ts';
import { readExactly } from './read-exactly.ts';
import { removeLeftovers } from './remove-leftovers.ts';

/** Keeps files in a folder of this machine; for one machine, whose disk lasts. */
export function createFolderStore(folder: string): FileStore {
  // What is being written lies here; a dot stands in no key, so it is never taken for a file that is kept.
  const partsFolder = join(folder, '.parts');
  const pathOf = (key: string) => {
    requireFileKey(key);
    return join(folder, ...key.split('/'));
  };

  const store: FileStore = {
    put: (key, file) =>
      failingByDisk('put', async () => {
        const path = pathOf(key);
        const part = join(partsFolder, randomBytes(16).toString('hex'));
        await mkdir(partsFolder, { recursive: true, mode: 0o700 });
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        try {
          await pipeline(
            createReadStream(file.path),
            // On the disk before it bears its name: after a power cut it is whole or not there.
            createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true }),
          );
          const { size } = await stat(part);
          if (size !== file.bytes) throw new Error('The file to store is not as long as was said.');
          await rename(part, path);
        } catch (error) {
          await rm(part, { force: true });
          throw error;
        }
        await flushFolder(dirname(path));
      }),

    open: (key) =>
      failingByDisk('open', async () => {
        const file = await open(pathOf(key), 'r').catch(ifMissing(undefined));
        if (file === undefined) return undefined;
        const { size } = await file.stat();
        return { body: readExactly(file.createReadStream(), size), bytes: size };
      }),

    delete: (key) => failingByDisk('delete', () => rm(pathOf(key), { force: true })),

    async *list() {
      // What a process that died was writing has no key: whoever looks through the store clears it away.
      await removeLeftovers(partsFolder).catch(() => undefined);
      const found = await failingByDisk('list', () =>
        readdir(folder, { recursive: true, withFileTypes: true }).catch(ifMissing([])),
      );
      for (const entry of found) {
        if (!entry.isFile() || entry.parentPath === partsFolder) continue;
        const path = join(entry.parentPath, entry.name);
        // One that was deleted meanwhile lies here no more.
        const status = await failingByDisk('list', () => stat(path).catch(ifMissing(undefined)));
        if (status === undefined) continue;
        yield { key: relative(folder, path).split(sep).join('/'), modifiedAt: status.mtime };
      }
    },

    check: () =>
      checkByUse(
        store,
        (error) =>
          `Documents cannot be kept in ${folder} (${codeOf(error) ?? 'what was put there did not come back'}): give this account the right to write there, and room, or choose another place by SK_DATA_DIR.`,
      ),
  };
  return store;
}

function ifMissing<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (codeOf(error) === 'ENOENT') return instead;
    throw error;
  };
}

/** So that the new name itself survives a power cut. */
async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
