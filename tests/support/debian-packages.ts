import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program that a test needs, where it may be, and the Debian package that brings it. */
export interface NeededProgram {
  name: string;
  package: string;
  /** Folders beside those of PATH. */
  folders?: readonly string[];
}

/**
 * The programs' paths, in their order. What is missing is installed, as root on Debian; elsewhere this throws one sentence
 * that says what to install.
 */
export function requirePrograms(needed: readonly NeededProgram[]): string[] {
  const missing = needed.filter((program) => findProgram(program) === undefined);
  const names = [...new Set(missing.map((program) => program.package))];
  if (names.length > 0 && process.platform === 'linux' && process.getuid?.() === 0) {
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...names],
    ]) {
      spawnSync('apt-get', args, {
        stdio: ['ignore', 2, 2],
        env: {
          ...process.env,
          DEBIAN_FRONTEND: 'noninteractive',
          // Nothing that is installed for a test starts by itself.
          RUNLEVEL: '1',
        },
      });
    }
  }
  return needed.map((program) => {
    const path = findProgram(program);
    if (path === undefined) {
      throw new Error(
        `This needs ${program.name}. Install it (on Debian and Ubuntu: apt-get install ${program.package}).`,
      );
    }
    return path;
  });
}

function findProgram({ name, folders = [] }: NeededProgram): string | undefined {
  // An ordinary account's PATH leaves out where servers lie.
  const all = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', ...folders];
  return all.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
