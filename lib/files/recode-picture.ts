import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

/** Enough to read small print of a photographed A4 page. */
const longestSide = 3000;
const quality = 85;

const formats = { jpeg: MagickFormat.Jpeg, png: MagickFormat.Png, heic: MagickFormat.Heic };

/** Begins with the code of the decoders, 15 MB; their memory and it are gone with the thread alone. */
export async function openDecoder(maxMemoryBytes: number): Promise<Decoder> {
  const memory = limitMemory(maxMemoryBytes);
  const code = createRequire(import.meta.url).resolve('@imagemagick/magick-wasm/magick.wasm');
  await initializeImageMagick(new WebAssembly.Module(readFileSync(code)));
  // Files would lie in memory, too, and would not be counted.
  ResourceLimits.disk = 0n;
  return {
    recode(file, kind) {
      try {
        return recode(file, kind);
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
  recode(file: Uint8Array, kind: keyof typeof formats): Uint8Array | 'broken' | 'too-large';
}

function recode(file: Uint8Array, kind: keyof typeof formats): Uint8Array {
  const settings = new MagickReadSettings();
  // Given by us: what the file says of itself chooses no other decoder.
  settings.format = formats[kind];
  // A large JPEG is decoded at a fraction of its size, which takes a fraction of the memory.
  settings.setDefine(MagickFormat.Jpeg, 'size', `${String(longestSide)}x${String(longestSide)}`);
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
  image.autoOrient();
  image.strip();
  image.quality = quality;
  return image.write(MagickFormat.Jpeg, (made) => made.slice());
}

/** A decoder's memory cannot be limited from outside; it asks for more by this one function. */
function limitMemory(maxBytes: number): { isSpent: () => boolean } {
  let isSpent = false;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its memory below
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages) {
    if (this.buffer.byteLength + pages * 65_536 > maxBytes) {
      isSpent = true;
      throw new RangeError('A decoder asked for too much memory.');
    }
    return grow.call(this, pages);
  };
  return { isSpent: () => isSpent };
}
