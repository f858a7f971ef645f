import type { FoundBackup } from './rules.ts';
import { listParts, loadBeginning, loadManifest } from './open-backups.ts';
import type { Backups } from './open-backups.ts';
import type { Manifest } from './input.ts';

export type ListedBackup = FoundBackup & {
  /** Keys of all that lies there. */
  parts: string[];
  /** Undefined: it was broken off, or is being written. */
  manifest: Manifest | undefined;
};

/** The backups of a place, whole ones and those that were broken off, the oldest first. */
export async function listBackups(backups: Backups): Promise<ListedBackup[]> {
  const listed: ListedBackup[] = [];
  for (const [name, parts] of await listParts(backups)) {
    const manifest = await loadManifest(backups, name);
    const { tool, startedAt } = manifest ?? (await loadBeginning(backups, name)) ?? {};
    listed.push({
      ...{ name, parts, manifest, tool, isWhole: manifest !== undefined },
      startedAt: startedAt === undefined ? undefined : new Date(startedAt),
    });
  }
  return listed;
}
