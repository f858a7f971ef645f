import { appendFile, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Ctx } from '../context.ts';
import { selectHeads } from './queries.ts';
import type { HeadRow } from './queries.ts';
import { readHead } from './input.ts';

/** So much of the file's end is looked at: thousands of heads, more than several processes make in one minute. */
const tailBytes = 1024 * 1024;
const headsAtOnce = 1_000;

/**
 * Writes the heads of the chains into a file outside of the database, one line a seal, so that a chain that was cut
 * or made anew is found by whoever has the file. Comes after the commit: what a crash kept from the file, or another
 * server has sealed, is written the next time.
 */
export async function keepHeads(ctx: Pick<Ctx, 'db'>, file: string): Promise<void> {
  const { ids, isWhole } = await readTail(file);
  // Seals are made in the order of their ids, but may commit later than one that was made after them.
  const first = isWhole ? undefined : [...ids].sort()[0];
  let from = first === undefined ? undefined : { id: first, inclusive: true };
  for (;;) {
    const heads = await selectHeads(ctx.db, { from, limit: headsAtOnce });
    const lines = heads.filter(({ id }) => !ids.has(id)).map(lineOf);
    if (lines.length > 0) {
      await mkdir(dirname(file), { recursive: true });
      await appendFile(file, lines.join(''));
    }
    const last = heads.at(-1);
    if (last === undefined || heads.length < headsAtOnce) return;
    from = { id: last.id, inclusive: false };
  }
}

function lineOf({ id, courseId, number, mac, eventCount, sealedAt }: HeadRow): string {
  return `${JSON.stringify({ at: sealedAt, courseId, number, mac, events: eventCount, id })}\n`;
}

/** The seals at the file's end, and whether that is the whole file. No file is an empty one. */
async function readTail(file: string): Promise<{ ids: Set<string>; isWhole: boolean }> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return { ids: new Set(), isWhole: true };
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const ids = buffer
      .toString('utf8')
      .split('\n')
      .map((line) => readHead(line)?.id)
      .filter((id) => id !== undefined);
    return { ids: new Set(ids), isWhole: size <= tailBytes };
  } finally {
    await handle.close();
  }
}
