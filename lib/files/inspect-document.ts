import { open, readFile, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../base/errors.ts';
import { takingTurns } from '../base/in-turn.ts';
import { processSingleton } from '../base/process-singleton.ts';
import type { DocumentType } from '../db/schema.ts';
import type { DocumentFinding } from './document-worker.ts';
import type { FileToStore } from './file-store.ts';
import { recogniseDocument } from './recognise-document.ts';

export type DocumentRefusal =
  | 'empty'
  | 'wrong-type'
  | 'too-many-pixels'
  /** Broken, or something that only looks like one of ours. */
  | 'unreadable'
  /** A PDF that could do something: scripts, launch actions, embedded files, forms that are programs. */
  | 'pdf-active'
  /** A PDF that cannot be looked into: encrypted. */
  | 'pdf-locked';

export type InspectedDocument =
  /** What is to be kept lies at `path`, where the upload lay: pictures were made anew. */
  ({ kind: 'fine' } & FileToStore & { mediaType: DocumentType }) | { kind: 'refused'; why: DocumentRefusal };

/** What the thread is given. */
export type DocumentTask = { path: string } & (
  | { kind: 'pdf' }
  | {
      kind: 'jpeg' | 'png' | 'heic';
      /** Where the new picture is put, beside the upload. */
      madePath: string;
      decoderCode: WebAssembly.Module;
    }
);

/** With a second or two each, whoever came last waits for about a minute. */
const mostWaiting = 40;
/** The slowest picture that is taken needs some seconds, many on a busy small machine. */
const usualLongestMs = 60_000;

const turns = processSingleton('inspections', () => ({
  waiting: 0,
  take: takingTurns(),
  /** 30 MB, which all of a crowd share and nobody keeps. */
  decoderCode: undefined as Promise<WebAssembly.Module> | undefined,
}));

/**
 * Looks at what somebody sent, by its content alone, one document at a time in this process, in a thread of its own.
 * A picture is made anew in place of what was sent; a PDF stays as it is.
 *
 * @throws AppError `unavailable`: too many wait already, or it took too long
 */
export async function inspectDocument(
  { path, bytes }: { path: string; bytes: number },
  { longestMs = usualLongestMs } = {},
): Promise<InspectedDocument> {
  if (bytes === 0) return { kind: 'refused', why: 'empty' };
  const kind = recogniseDocument(await readBeginning(path));
  if (kind === undefined) return { kind: 'refused', why: 'wrong-type' };
  if (turns.waiting >= mostWaiting) throw new AppError('unavailable', { reason: 'many-documents' });
  turns.waiting += 1;
  const madePath = `${path}.jpg`;
  try {
    const finding = await turns.take('one', async () =>
      inspectInThread(
        kind === 'pdf'
          ? { path, kind }
          : { path, kind, madePath, decoderCode: await (turns.decoderCode ??= compileDecoder()) },
        longestMs,
      ),
    );
    if (finding.kind === 'refused') return finding;
    if (finding.kind === 'pdf') return { kind: 'fine', path, bytes, mediaType: 'application/pdf' };
    await rename(madePath, path);
    return { kind: 'fine', path, bytes: finding.bytes, mediaType: 'image/jpeg' };
  } finally {
    turns.waiting -= 1;
    if (turns.waiting === 0) turns.decoderCode = undefined;
    await rm(madePath, { force: true });
  }
}

async function readBeginning(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(512) });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function compileDecoder(): Promise<WebAssembly.Module> {
  // By its place below the project's root, where every process is started: bundled code lies elsewhere.
  const bytes = await readFile(resolve('node_modules/@imagemagick/magick-wasm/dist/x86/magick.wasm'));
  try {
    return await WebAssembly.compile(bytes);
  } finally {
    // 15 MB that the collector would be in no hurry for.
    bytes.buffer.transfer(0);
  }
}

/** Asked of Node, not imported: a bundler that sees a thread being made takes its code in, the decoders among it. */
const { Worker } = process.getBuiltinModule('node:worker_threads');

/**
 * A thread a document: it begins clean, and gives all its memory back. Its code is found as the decoder's is: Node runs
 * TypeScript as it stands.
 */
async function inspectInThread(task: DocumentTask, longestMs: number): Promise<DocumentFinding> {
  const worker = new Worker(resolve('lib/files/document-worker.ts'), {
    workerData: task,
    // It needs no settings, and what this process was started with is not for it.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 4 },
  });
  const found = Promise.withResolvers<DocumentFinding>();
  worker.once('message', (finding: DocumentFinding) => {
    found.resolve(finding);
  });
  worker.once('error', (error: NodeJS.ErrnoException) => {
    // What is wrong with a document is found, not thrown: only its greed for memory ends the thread.
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') found.resolve({ kind: 'refused', why: 'unreadable' });
    else found.reject(error);
  });
  worker.once('exit', () => {
    found.reject(new Error('The thread ended without an answer.'));
  });
  const limit = setTimeout(() => {
    found.reject(new AppError('unavailable', { reason: 'slow-document' }));
  }, longestMs);
  try {
    return await found.promise;
  } finally {
    clearTimeout(limit);
    await worker.terminate();
  }
}
