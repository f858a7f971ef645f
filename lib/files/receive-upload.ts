import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failingByDisk } from './disk-failure.ts';

/** A file that somebody sent, on this machine's disk. Whoever received it discards it, whatever comes of it. */
export interface Upload {
  path: string;
  bytes: number;
  /** Removes it; a second call does nothing. */
  discard(): Promise<void>;
}

export type Received =
  | ({ kind: 'received' } & Upload)
  /** More than `maxBytes`: announced, or sent. */
  | { kind: 'too-large' }
  | { kind: 'empty' }
  /** The sender stopped: the connection ended before `declaredBytes`, or fell silent. */
  | { kind: 'broken' };

/** Whoever is silent for so long has lost the network, and begins again. */
const silenceEndsMs = 30_000;

/**
 * Writes one raw request body (the file itself, no form) to a new file in `folder`, chunk by chunk; nothing but the
 * chunk is held in memory. Unless the outcome is `received`, nothing is left behind.
 *
 * @param declaredBytes what Content-Length says; undefined: nothing
 * @throws AppError `files-unavailable`: the disk does not take it
 */
export async function receiveUpload(
  body: ReadableStream<Uint8Array> | null,
  { folder, ...expected }: Expected & { folder: string },
): Promise<Received> {
  if (body === null) return { kind: 'empty' };
  const path = join(folder, randomBytes(16).toString('hex'));
  const discard = () => rm(path, { force: true });
  const reader = body.getReader();
  let outcome: Received = { kind: 'broken' };
  try {
    const written = await failingByDisk('receive', () => write(reader, path, expected));
    outcome =
      typeof written === 'string' ? { kind: written } : { kind: 'received', path, ...written, discard };
    return outcome;
  } finally {
    if (outcome.kind !== 'received') {
      // Whoever still sends is told to stop; nobody waits until they do.
      reader.cancel().catch(() => undefined);
      // What cannot be removed now goes with the next start's leftovers.
      await discard().catch(() => undefined);
    }
  }
}

interface Expected {
  maxBytes: number;
  declaredBytes: number | undefined;
  silenceMs?: number;
}

async function write(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  path: string,
  { maxBytes, declaredBytes, silenceMs = silenceEndsMs }: Expected,
): Promise<{ bytes: number } | 'too-large' | 'empty' | 'broken'> {
  if (declaredBytes !== undefined && declaredBytes > maxBytes) return 'too-large';
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for (;;) {
      const chunk = await readOrGiveUp(reader, silenceMs);
      if (chunk === 'broken') return 'broken';
      if (chunk === 'end') break;
      bytes += chunk.length;
      if (bytes > maxBytes) return 'too-large';
      await file.writeFile(chunk);
    }
  } finally {
    await file.close();
  }
  if (declaredBytes !== undefined && bytes !== declaredBytes) return 'broken';
  return bytes === 0 ? 'empty' : { bytes };
}

async function readOrGiveUp(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  silenceMs: number,
): Promise<Uint8Array | 'end' | 'broken'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'broken'>((resolve) => {
    timer = setTimeout(resolve, silenceMs, 'broken');
  });
  try {
    // A connection that breaks off rejects the read.
    const next = reader.read().then(
      ({ done, value }) => (done ? ('end' as const) : value),
      () => 'broken' as const,
    );
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
