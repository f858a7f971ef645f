/** What a picture says of itself before anything is decoded. */
export interface PictureHeader {
  width: number;
  height: number;
  /** Roughly what a decoder holds at once, in bytes, when it reads the picture for our purpose. */
  decodingBytes: number;
  /** HEIC: by how many quarters, against the clock, it is turned when it is shown. Undefined: not by turning alone. */
  quarters?: number | undefined;
}

const read = {
  jpeg: readJpegHeader,
  png: readPngHeader,
  heic: readHeicHeader,
};

/** Undefined: its header is none, or says nothing that could be decoded. */
export function readPictureHeader(
  file: Uint8Array,
  kind: 'jpeg' | 'png' | 'heic',
): PictureHeader | undefined {
  const view = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  let header: PictureHeader | undefined;
  try {
    header = read[kind](view);
  } catch (error) {
    // The file ends within its header.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return header === undefined || header.width === 0 || header.height === 0 ? undefined : header;
}

/** ITU-T T.81, annex B: segments up to the frame header, which names the size and each component's sampling. */
function readJpegHeader(file: Buffer): PictureHeader | undefined {
  let at = 2;
  for (;;) {
    if (file.readUInt8(at) !== 0xff) return undefined;
    const marker = file.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    // The picture's data begins, or it ends, without a frame.
    if (marker === 0xda || marker === 0xd9) return undefined;
    const hasNoLength = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (!hasNoLength && marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) break;
    at += hasNoLength ? 2 : 2 + file.readUInt16BE(at + 2);
  }
  const marker = file.readUInt8(at + 1);
  const height = file.readUInt16BE(at + 5);
  const width = file.readUInt16BE(at + 7);
  const samplings: number[] = [];
  for (let component = 0; component < file.readUInt8(at + 9); component += 1) {
    const factors = file.readUInt8(at + 11 + 3 * component);
    samplings.push((factors >> 4) * (factors & 15));
  }
  // Baseline and extended frames are decoded row by row; the others' coefficients are all held, two bytes each.
  const isHeldWhole = marker !== 0xc0 && marker !== 0xc1;
  const samples = samplings.reduce((sum, sampling) => sum + sampling, 0) / Math.max(1, ...samplings);
  return { width, height, decodingBytes: isHeldWhole ? width * height * samples * 2 : 0 };
}

/** PNG (W3C), § 11.2.2: IHDR comes first. */
function readPngHeader(file: Buffer): PictureHeader | undefined {
  if (file.readUInt32BE(8) !== 13 || file.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  // Grey, palette and colour all become three channels, and transparency (of a palette, too) a fourth.
  const channels = file.readUInt8(25) === 2 ? 3 : 4;
  // It is held twice while it becomes smaller, the second time at half its size.
  return { width, height, decodingBytes: width * height * (channels + 3) };
}

/** Of the container's boxes, those on the way to what is said of its images. */
const containers = new Set(['meta', 'iprp', 'ipco']);

/**
 * ISO/IEC 14496-12 and 23008-12, 6.5. A phone's picture consists of many tiles, each with its own `ispe`: the largest
 * is that of the whole.
 */
function readHeicHeader(file: Buffer): PictureHeader | undefined {
  let width = 0;
  let height = 0;
  const turns = new Set<number>();
  const look = (from: number, to: number) => {
    for (let at = from; at + 8 <= to;) {
      const size = file.readUInt32BE(at);
      const type = file.toString('latin1', at + 4, at + 8);
      // 0: to the end; 1: a size of 64 bits follows.
      const end = size === 0 ? to : at + (size === 1 ? Number(file.readBigUInt64BE(at + 8)) : size);
      if (end < at + 8 || end > to) throw new RangeError('A box is longer than what it lies in.');
      if (containers.has(type)) look(at + (type === 'meta' ? 12 : 8), end);
      if (type === 'ispe') {
        width = Math.max(width, file.readUInt32BE(at + 12));
        height = Math.max(height, file.readUInt32BE(at + 16));
      }
      if (type === 'irot') turns.add(file.readUInt8(at + 8) & 3);
      // Mirrored, or cut: left to the decoder, which knows in which order.
      if (type === 'imir' || type === 'clap') turns.add(NaN);
      at = end;
    }
  };
  look(0, file.length);
  const [quarters = 0] = turns;
  return {
    width,
    height,
    // Measured with pictures of phones: planes of brightness and colour, twice their copy in RGB, the decoder's tiles.
    decodingBytes: width * height * 7.5,
    quarters: turns.size > 1 || Number.isNaN(quarters) ? undefined : quarters,
  };
}
