import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Env } from '../base/env.ts';
import { failed, judgeDisk, judgeMemory, judgeProgram } from './rules.ts';
import type { Finding } from './rules.ts';

export function lookAtProgram(): Finding[] {
  return judgeProgram(process.versions.node, existsSync(resolve('.next/BUILD_ID')));
}

export function lookAtMemory(): Finding[] {
  // A container may have less than the machine under it; where nothing limits it, the kernel says a huge number.
  const limit = process.constrainedMemory();
  const most = limit > 0 && limit < totalmem() ? limit : totalmem();
  return judgeMemory({ most, free: Math.min(freemem(), process.availableMemory()) });
}

/** The disk on which the tool keeps what lies neither in the database nor in a bucket; uploads pass through it. */
export async function lookAtDisk({ SK_DATA_DIR }: Pick<Env, 'SK_DATA_DIR'>): Promise<Finding[]> {
  const folder = resolve(SK_DATA_DIR);
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  try {
    await access(there, constants.W_OK);
  } catch {
    return [
      failed(
        'disk',
        `This account may not write into ${there}.`,
        'Give the folder to the account that the tool runs as, or set SK_DATA_DIR to another.',
      ),
    ];
  }
  const { bavail, bsize } = await statfs(there);
  return judgeDisk(folder, bavail * bsize);
}
