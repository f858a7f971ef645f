import type { FileProblem } from './found-meeting.ts';

/** What an import reads at most. Next takes a megabyte with an action; the rest is left for what travels along. */
export const maxFileBytes = 900_000;

/**
 * A file's text: UTF-8, UTF-16 where a mark or its zeros say so, else Windows-1252 (which Latin-1 is a part of), as
 * German spreadsheets write it.
 */
export function decodeFile(
  bytes: Uint8Array,
): { ok: true; text: string } | { ok: false; problem: FileProblem } {
  if (bytes.length > maxFileBytes) return { ok: false, problem: { kind: 'too-large' } };
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (text.trim() === '') return { ok: false, problem: { kind: 'empty' } };
  // Pictures, archives and spreadsheets hold what no text does.
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u0008\u000e-\u001a]/.test(text)) return { ok: false, problem: { kind: 'not-text' } };
  return { ok: true, text };
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // The first letters of a table or calendar are plain ones: in UTF-16 every other byte is zero.
  if (bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[2] === 0 && bytes[1] !== 0) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
