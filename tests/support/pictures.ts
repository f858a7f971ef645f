// Pictures for tests, made and looked at by hand or with the library that the tool itself uses.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { crc32, deflateSync } from 'node:zlib';
import {
  initializeImageMagick,
  Interlace,
  MagickFormat,
  MagickImage,
  MagickReadSettings,
} from '@imagemagick/magick-wasm';

/** Once, before JPEGs are made or pictures are looked at. */
export async function beginWithPictures(): Promise<void> {
  const code = createRequire(import.meta.url).resolve('@imagemagick/magick-wasm/magick.wasm');
  await initializeImageMagick(new WebAssembly.Module(readFileSync(code)));
}

const colours = {
  red: [208, 32, 32],
  green: [32, 160, 32],
  blue: [32, 32, 208],
  white: [240, 240, 240],
} as const;
type Colour = keyof typeof colours;

export function png(
  width: number,
  height: number,
  content: { pixels: Buffer; channels?: 3 | 4 } | { data: Buffer; channels?: 3 | 4 },
): Buffer {
  const { channels = 3 } = content;
  const chunk = (type: string, body: Buffer) => {
    const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(type), body, Buffer.alloc(4)]);
    whole.writeUInt32BE(body.length, 0);
    whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4);
    return whole;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, channels === 3 ? 2 : 6], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk(
      'IDAT',
      'data' in content ? content.data : deflateSync(rows(content.pixels, width * channels), { level: 1 }),
    ),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row after a byte that says how it is filtered: not at all. */
function rows(pixels: Buffer, rowBytes: number): Buffer {
  const height = pixels.length / rowBytes;
  const filtered = Buffer.alloc(pixels.length + height);
  for (let y = 0; y < height; y += 1) {
    pixels.copy(filtered, y * (rowBytes + 1) + 1, y * rowBytes, (y + 1) * rowBytes);
  }
  return filtered;
}

/** Red and green above, blue and white below. */
export function quartersPng(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    const [left, right] = y < height / 2 ? (['red', 'green'] as const) : (['blue', 'white'] as const);
    for (let x = 0; x < width; x += 1) {
      pixels.set(colours[x < width / 2 ? left : right], (y * width + x) * 3);
    }
  }
  return png(width, height, { pixels });
}

export function jpegOf(picture: Buffer, { isProgressive = false } = {}): Buffer {
  const settings = new MagickReadSettings();
  settings.format = MagickFormat.Png;
  const image = MagickImage.create(picture, settings);
  try {
    if (isProgressive) image.settings.interlace = Interlace.Jpeg;
    image.quality = 90;
    return image.write(MagickFormat.Jpeg, (made) => Buffer.from(made));
  } finally {
    image.dispose();
  }
}

/** What is seen: the size, and the colours of its quarters, row by row. */
export function lookAt(jpeg: Buffer): { width: number; height: number; quarters: Colour[]; kept: string[] } {
  const settings = new MagickReadSettings();
  settings.format = MagickFormat.Jpeg;
  const image = MagickImage.create(jpeg, settings);
  try {
    const { width, height } = image;
    const quarters = [1, 3].flatMap((y) =>
      [1, 3].map((x) =>
        image.getPixels((pixels) => {
          const found = pixels.getPixel(Math.floor((width * x) / 4), Math.floor((height * y) / 4));
          return nearestColour([...found]);
        }),
      ),
    );
    return { width, height, quarters, kept: [...image.profileNames] };
  } finally {
    image.dispose();
  }
}

function nearestColour(pixel: number[]): Colour {
  const distance = (colour: Colour) =>
    colours[colour].reduce((sum, value, index) => sum + Math.abs(value - (pixel[index] ?? 0)), 0);
  const names = Object.keys(colours) as Colour[];
  return names.reduce((nearest, colour) => (distance(colour) < distance(nearest) ? colour : nearest));
}
