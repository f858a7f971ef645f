import {
  AlphaAction,
  ColorSpace,
  FilterType,
  initializeImageMagick,
  MagickColors,
  MagickFormat,
  MagickGeometry,
  MagickImage,
  MagickReadSettings,
  ResourceLimits,
} from '@imagemagick/magick-wasm';
import type { PictureHeader } from './read-picture-header.ts';

/** Enough to read small print of a photographed A4 page. */
const longestSide = 3000;
const quality = 85;

type PictureKind = 'jpeg' | 'png' | 'heic';

const formats: Record<PictureKind, MagickFormat> = {
  jpeg: MagickFormat.Jpeg,
  png: MagickFormat.Png,
  heic: MagickFormat.Heic,
};

/** Begins to decode; the decoder's memory is given back with its thread alone. */
export async function openDecoder(code: WebAssembly.Module, maxMemoryBytes: number): Promise<Decoder> {
  const memory = limitMemory(maxMemoryBytes);
  await initializeImageMagick(code);
  // Files would lie in memory, too, and would not be counted.
  ResourceLimits.disk = 0n;
  return {
    recode(file, kind, header) {
      try {
        return recode(file, kind, header);
      } catch {
        return memory.isSpent() ? 'too-large' : 'broken';
      }
    },
  };
}

export interface Decoder {
  /**
   * The picture made anew as JPEG: upright, on white, at most 3000 pixels a side, without anything that stood in the
   * file beside its pixels (place, camera, thumbnails, profiles: colours are read as sRGB).
   */
  recode(file: Uint8Array, kind: PictureKind, header: PictureHeader): Uint8Array | 'broken' | 'too-large';
}

function recode(file: Uint8Array, kind: PictureKind, { width, height, quarters }: PictureHeader): Uint8Array {
  const settings = new MagickReadSettings();
  // Given by us: what the file says of itself chooses no other decoder.
  settings.format = formats[kind];
  // A large JPEG is decoded at a fraction of its size, which takes a fraction of the memory. A small one would be
  // decoded at a multiple.
  if (Math.max(width, height) > longestSide) {
    settings.setDefine(MagickFormat.Jpeg, 'size', `${String(longestSide)}x${String(longestSide)}`);
  }
  // Turned when it has become small, which saves the memory of a copy.
  if (quarters !== undefined) settings.setDefine(MagickFormat.Heic, 'preserve-orientation', true);
  const image = MagickImage.create();
  const warnings: string[] = [];
  image.onWarning = ({ error }) => warnings.push(error.message);
  image.read(file, settings);
  // Other warnings are about what is thrown away.
  if (warnings.some((warning) => warning.startsWith('Premature end'))) throw new Error('It is cut off.');

  if (Math.max(image.width, image.height) > longestSide) {
    image.filterType = FilterType.Triangle;
    image.resize(new MagickGeometry(longestSide, longestSide));
  }
  if (image.hasAlpha) {
    image.backgroundColor = MagickColors.White;
    image.alpha(AlphaAction.Remove);
  }
  if (image.colorSpace !== ColorSpace.sRGB) image.colorSpace = ColorSpace.sRGB;
  // How a camera was held stands in its notes, or, in HEIC, in the container, which counts.
  if (kind !== 'heic') image.autoOrient();
  else if (quarters !== undefined) image.rotate(-90 * quarters);
  image.strip();
  image.quality = quality;
  return image.write(MagickFormat.Jpeg, (made) => made.slice());
}

/** A decoder's memory cannot be limited from outside; it asks for more by this one function. */
function limitMemory(maxBytes: number): { isSpent: () => boolean } {
  let isSpent = false;
  const { prototype } = WebAssembly.Memory;
  const grow = Object.getOwnPropertyDescriptor(prototype, 'grow')?.value as (
    this: WebAssembly.Memory,
    pages: number,
  ) => number;
  prototype.grow = function (pages) {
    // It asks for more than it needs at first, and for less when that is refused.
    isSpent = this.buffer.byteLength + pages * 65_536 > maxBytes;
    if (isSpent) throw new RangeError('A decoder asked for too much memory.');
    return grow.call(this, pages);
  };
  return { isSpent: () => isSpent };
}
