import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PNG } from 'pngjs';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';

/** What a camera of the test sees, in turns: black and white pictures, which Chromium plays as a camera. */
const size = { width: 640, height: 480 } as const;
const framesASecond = 5;
const secondsEach = 3;

/** A picture's brightness, row by row. */
export interface Picture {
  width: number;
  height: number;
  /** 0 (black) to 255. */
  luma: (x: number, y: number) => number;
}

/** A screenshot of what somebody holds before the camera. */
export function pictureOfScreenshot(png: Buffer): Picture {
  const { width, height, data } = PNG.sync.read(png);
  return { width, height, luma: (x, y) => data[(y * width + x) * 4] ?? 255 };
}

/** A card with a number in bars (Code 128). */
export async function pictureOfCard(number: string): Promise<Picture> {
  const wasm = createRequire(import.meta.url).resolve('zxing-wasm/writer/zxing_writer.wasm');
  await prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer }, fireImmediately: true });
  const { symbol, error } = await writeBarcode(number, { format: 'Code128' });
  if (error !== '') throw new Error(error);
  const { width, height, data } = symbol;
  return { width, height, luma: (x, y) => data[y * width + x] ?? 255 };
}

/** Writes the pictures as an endless film (YUV4MPEG2), each on white, as large as fits. */
export function writeFilm(path: string, pictures: readonly Picture[]): void {
  const header = `YUV4MPEG2 W${String(size.width)} H${String(size.height)} F${String(framesASecond)}:1 Ip A1:1 C420mpeg2\n`;
  const frames = pictures.flatMap((picture) =>
    Array.from({ length: framesASecond * secondsEach }, () => frameOf(picture)),
  );
  writeFileSync(path, Buffer.concat([Buffer.from(header), ...frames]));
}

function frameOf(picture: Picture): Buffer {
  const luma = Buffer.alloc(size.width * size.height, 255);
  const fits = Math.min((size.width * 0.85) / picture.width, (size.height * 0.85) / picture.height);
  // Whole steps keep bars as wide as they are to one another.
  const scale = fits >= 1 ? Math.floor(fits) : fits;
  const [width, height] = [Math.floor(picture.width * scale), Math.floor(picture.height * scale)];
  const [left, top] = [(size.width - width) >> 1, (size.height - height) >> 1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      luma[(top + y) * size.width + left + x] = picture.luma(Math.floor(x / scale), Math.floor(y / scale));
    }
  }
  const noColour = Buffer.alloc((size.width * size.height) / 2, 128);
  return Buffer.concat([Buffer.from('FRAME\n'), luma, noColour]);
}
