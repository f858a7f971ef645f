// The thread in which foreign bytes are looked at, one document each: whatever one of them does to it ends with it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { DocumentRefusal, DocumentTask } from './inspect-document.ts';
import { readPictureHeader } from './read-picture-header.ts';
import { scanPdf } from './scan-pdf.ts';

export type DocumentFinding =
  { kind: 'pdf' } | { kind: 'picture'; bytes: number } | { kind: 'refused'; why: DocumentRefusal };

/** More than any phone's camera gives; scanners at 600 dpi give 35 million for a page. */
const maxPixels = 50_000_000;
const maxSide = 12_000;
/**
 * What a decoder may take, and what a picture is expected to need of it. Phones' pictures of 48 million pixels stay far
 * below as JPEG. As HEIC, whose decoder holds each pixel several times over, those of 24 million just fit: with the thread
 * and the decoder's code that is 300 MB, and half of it for the usual 12 million.
 */
const maxMemoryBytes = 212_000_000;
const maxDecodingBytes = 184_000_000;

parentPort?.postMessage(await inspect(workerData as DocumentTask));

async function inspect(task: DocumentTask): Promise<DocumentFinding> {
  const file = readFileSync(task.path);
  if (task.kind === 'pdf') {
    const why = scanPdf(file);
    return why === undefined ? { kind: 'pdf' } : { kind: 'refused', why };
  }

  const header = readPictureHeader(file, task.kind);
  if (header === undefined) return { kind: 'refused', why: 'unreadable' };
  const { width, height, decodingBytes } = header;
  if (width * height > maxPixels || Math.max(width, height) > maxSide || decodingBytes > maxDecodingBytes) {
    return { kind: 'refused', why: 'too-many-pixels' };
  }
  const { openDecoder } = await import('./recode-picture.ts');
  const decoder = await openDecoder(task.decoderCode, maxMemoryBytes);
  const made = decoder.recode(file, task.kind, header);
  if (made === 'broken') return { kind: 'refused', why: 'unreadable' };
  if (made === 'too-large') return { kind: 'refused', why: 'too-many-pixels' };
  writeFileSync(task.madePath, made, { mode: 0o600 });
  return { kind: 'picture', bytes: made.length };
}
