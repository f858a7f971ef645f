/** What we take; told by the first bytes, whatever the file is called. */
export type DocumentKind = 'pdf' | 'jpeg' | 'png' | 'heic';

/** HEVC in an image container (ISO/IEC 23008-12). AVIF and videos have others. */
const heicBrands = new Set(['heic', 'heix', 'heim', 'heis']);

/** Undefined: none of ours. A file that begins as something else (a picture before a PDF) is that. */
export function recogniseDocument(file: Uint8Array): DocumentKind | undefined {
  const view = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, 512));
  if (/^%PDF-[12]\.\d/.test(view.toString('latin1', 0, 8))) return 'pdf';
  if (view.length >= 4 && view[0] === 0xff && view[1] === 0xd8 && view[2] === 0xff) return 'jpeg';
  if (view.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (view.toString('latin1', 4, 8) === 'ftyp') {
    const end = Math.min(view.readUInt32BE(0), view.length);
    // The major brand, a version, then the compatible ones: phones write `mif1` first now and then.
    for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) {
      if (heicBrands.has(view.toString('latin1', at, at + 4))) return 'heic';
    }
  }
  return undefined;
}
