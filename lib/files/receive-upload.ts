import { randomBytes } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

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
 */
export async function receiveUpload(
  body: ReadableStream<Uint8Array> | null,
  {
    maxBytes,
    declaredBytes,
    folder,
    silenceMs = silenceEndsMs,
  }: { maxBytes: number; declaredBytes: number | undefined; folder: string; silenceMs?: number },
): Promise<Received> {
  if (body === null) return { kind: 'empty' };
  const reader = body.getReader();
  const stopReading = () => reader.cancel().catch(() => undefined);
  if (declaredBytes !== undefined && declaredBytes > maxBytes) {
    await stopReading();
    return { kind: 'too-large' };
  }

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, randomBytes(16).toString('hex'));
  const discard = () => rm(path, { force: true });
  const file = await open(path, 'wx', 0o600);
  let bytes = 0;
  try {
    for (;;) {
      const chunk = await readOrGiveUp(reader, silenceMs);
      if (chunk === 'broken') {
        await stopReading();
        return await without(discard, { kind: 'broken' });
      }
      if (chunk === 'end') break;
      bytes += chunk.length;
      if (bytes > maxBytes) {
        await stopReading();
        return await without(discard, { kind: 'too-large' });
      }
      await file.write(chunk);
    }
  } catch (error) {
    await stopReading();
    await discard();
    throw error;
  } finally {
    await file.close();
  }
  if (declaredBytes !== undefined && bytes !== declaredBytes) return without(discard, { kind: 'broken' });
  if (bytes === 0) return without(discard, { kind: 'empty' });
  return { kind: 'received', path, bytes, discard };
}

async function without(discard: () => Promise<void>, outcome: Received): Promise<Received> {
  await discard();
  return outcome;
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
