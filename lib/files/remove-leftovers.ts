import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** No request lasts so long: what is older belongs to a process that died. */
const leftoverMs = 3_600_000;

/**
 * Removes the temporary files and folders that a process which died has left behind; several processes may
 * share the folder.
 *
 * @param olderThanMs longer than anything in it is worked at
 */
export async function removeLeftovers(folder: string, olderThanMs = leftoverMs): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Its own process may remove it in this moment.
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && Date.now() - found.mtimeMs > olderThanMs) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
