// The thread in which foreign bytes are looked at, one document each: whatever one of them does to it ends with it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { DocumentRefusal, DocumentTask } from './inspect-document.ts';
import { readPictureHeader } from './read-picture-header.ts';
import { recogniseDocument } from './recognise-document.ts';
import { scanPdf } from './scan-pdf.ts';

export type DocumentFinding =
  { kind: 'pdf' } | { kind: 'picture'; bytes: number } | { kind: 'refused'; why: DocumentRefusal };

/** More than any phone's camera gives; scanners at 600 dpi give 35 million for a page. */
const maxPixels = 50_000_000;
const maxSide = 12_000;
/**
 * Of the decoder, its code and the made picture included. Phones' pictures of 48 million pixels stay far below as JPEG;
 * as HEIC, whose decoder holds them several times over, those of 26 million do.
 */
const maxMemoryBytes = 224 * 1024 * 1024;
const maxDecodingBytes = maxMemoryBytes - 32 * 1024 * 1024;

parentPort?.postMessage(await inspect(workerData as DocumentTask));

async function inspect({ path, madePath }: DocumentTask): Promise<DocumentFinding> {
  const file = readFileSync(path);
  const kind = recogniseDocument(file);
  if (kind === undefined) return { kind: 'refused', why: 'wrong-type' };
  if (kind === 'pdf') {
    const why = scanPdf(file);
    return why === undefined ? { kind: 'pdf' } : { kind: 'refused', why };
  }

  const header = readPictureHeader(file, kind);
  if (header === undefined) return { kind: 'refused', why: 'unreadable' };
  const { width, height, decodingBytes } = header;
  if (width * height > maxPixels || Math.max(width, height) > maxSide || decodingBytes > maxDecodingBytes) {
    return { kind: 'refused', why: 'too-many-pixels' };
  }
  // Loaded for pictures alone: it takes a tenth of a second and 50 MB.
  const { openDecoder } = await import('./recode-picture.ts');
  const decoder = await openDecoder(maxMemoryBytes);
  const made = decoder.recode(file, kind);
  if (made === 'broken') return { kind: 'refused', why: 'unreadable' };
  if (made === 'too-large') return { kind: 'refused', why: 'too-many-pixels' };
  writeFileSync(madePath, made, { mode: 0o600 });
  return { kind: 'picture', bytes: made.length };
}
