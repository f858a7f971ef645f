import { inflateSync } from 'node:zlib';
import { readPdfObject } from './read-pdf-object.ts';
import type { PdfObject } from './read-pdf-object.ts';

export type PdfRefusal = 'unreadable' | 'wrong-type' | 'pdf-active' | 'pdf-locked';

/** Names (ISO 32000-1, 12.6.4 and 7.11.4) that only stand in a file that can do something or carries another one. */
const activeNames = [
  'JavaScript',
  'Launch',
  'Rendition',
  'RichMedia',
  'RichMediaExecute',
  'EmbeddedFile',
  'EmbeddedFiles',
  'FileAttachment',
  'GoToE',
  'XFA',
];
/** The same, too short to be looked for in compressed data, where they would turn up by chance. */
const shortActiveNames = new Set(['JS', 'EF']);

const nameEnds = String.raw`(?=[\0\t\n\f\r ()<>\[\]{}/%]|$)`;

/** A name as it may be written: any of its characters as itself or as #xx (7.3.5). */
function spelled(name: string): string {
  return name.replace(/./g, (letter) => {
    const hex = letter
      .charCodeAt(0)
      .toString(16)
      .replace(/[a-f]/, (digit) => `[${digit}${digit.toUpperCase()}]`);
    return `(?:${letter}|#${hex})`;
  });
}

const anyActiveName = new RegExp(`/(?:${activeNames.map(spelled).join('|')})${nameEnds}`);
const anyShortActiveName = new RegExp(`/(?:${[...shortActiveNames].map(spelled).join('|')})${nameEnds}`);
const encryption = new RegExp(`/${spelled('Encrypt')}${nameEnds}`);

/** Object streams hold dictionaries: a page of text is some hundred bytes, a whole book some megabytes. */
const maxInflatedBytes = 32 * 1024 * 1024;
/** How often each byte may be read: objects of an honest file do not overlap. */
const maxReadings = 8;

/**
 * Whether a PDF may be kept as it is: undefined, or why not. Nothing of it is drawn or run.
 *
 * Readers disagree about broken files, so nothing is believed of how this one is put together. Names that act are looked
 * for in every byte; and whatever any reader could take for an object ("7 0 obj", wherever it stands) is looked at, in
 * case it is an object stream, in which names lie compressed.
 */
export function scanPdf(file: Buffer): PdfRefusal | undefined {
  // As one character a byte.
  const text = file.toString('latin1');
  if (!/^%PDF-[12]\.\d/.test(text)) return 'wrong-type';
  if (!text.slice(-1024).includes('%%EOF')) return 'unreadable';
  // An archive is read from its end, so that a file can be both.
  if (text.slice(-65_600).includes('PK\x05\x06')) return 'wrong-type';
  if (encryption.test(text)) return 'pdf-locked';
  if (anyActiveName.test(text)) return 'pdf-active';

  let inflatedLeft = maxInflatedBytes;
  let readLeft = text.length * maxReadings;
  const objects = /(?<!end)obj/g;
  for (let found = objects.exec(text); found !== null; found = objects.exec(text)) {
    const object = readPdfObject(text, objects.lastIndex);
    readLeft -= object.end - objects.lastIndex;
    if (readLeft < 0) return 'unreadable';
    if (object.names.some((name) => shortActiveNames.has(name))) return 'pdf-active';
    if (object.dataAt === undefined || !couldHoldObjects(object)) continue;

    // Without a filter, it was looked through above, but for the short names.
    let content = text.slice(object.dataAt, text.indexOf('endstream', object.dataAt));
    if (object.names.includes('Filter')) {
      if (!isOnlyInflated(object)) return 'unreadable';
      const inflated = inflate(file.subarray(object.dataAt), inflatedLeft);
      if (inflated === undefined) return 'unreadable';
      inflatedLeft -= inflated.length;
      content = inflated.toString('latin1');
    }
    if (anyActiveName.test(content) || anyShortActiveName.test(content)) return 'pdf-active';
  }
  return undefined;
}

/** Not every reader asks for the type, but all need where the first object lies and how many there are (7.5.7). */
function couldHoldObjects({ names }: PdfObject): boolean {
  return names.includes('ObjStm') || (names.includes('First') && names.includes('N'));
}

/** `/Filter /FlateDecode`, or an array of it alone, without a predictor. */
function isOnlyInflated({ names }: PdfObject): boolean {
  const once = (wanted: string) => names.indexOf(wanted) === names.lastIndexOf(wanted);
  return (
    once('Filter') &&
    once('FlateDecode') &&
    names[names.indexOf('Filter') + 1] === 'FlateDecode' &&
    !names.some((name) => unknownInObjectStreams.has(name))
  );
}

/** What would change the data further, in long and in short (8.9.7), or lets it lie in another file. */
const unknownInObjectStreams = new Set([
  ...['ASCIIHexDecode', 'ASCII85Decode', 'LZWDecode', 'RunLengthDecode', 'CCITTFaxDecode', 'JBIG2Decode'],
  ...['DCTDecode', 'JPXDecode', 'BrotliDecode', 'Crypt', 'AHx', 'A85', 'LZW', 'RL', 'CCF', 'DCT', 'Fl'],
  ...['DecodeParms', 'DP', 'F', 'FFilter', 'FDecodeParms'],
]);

function inflate(data: Buffer, maxBytes: number): Buffer | undefined {
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, maxBytes) });
  } catch {
    return undefined;
  }
}
