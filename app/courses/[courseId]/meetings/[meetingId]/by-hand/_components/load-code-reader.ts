import type { SeenCode } from './filter-scans.ts';

/** Reads the codes in what a video shows. */
export type ReadCodes = (video: HTMLVideoElement) => Promise<SeenCode[]>;

/** What the browser's own Shape Detection offers; TypeScript does not know it yet. */
interface NativeDetector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string; format: string }[]>;
}
interface NativeDetectorClass {
  new (options: { formats: string[] }): NativeDetector;
  getSupportedFormats(): Promise<string[]>;
}

/** The kinds of code on cards and screens; those without a checksum (ITF, Codabar) are misread too easily. */
const formats = ['qr_code', 'code_128', 'code_39', 'data_matrix', 'ean_13', 'ean_8', 'aztec'];
const sureFormats = ['qr_code', 'data_matrix', 'aztec', 'QRCode', 'DataMatrix', 'Aztec'];

/**
 * The browser's own reader where it has one, else one in WebAssembly: it is loaded now, from our own address.
 *
 * @throws when it cannot be loaded
 */
export async function loadCodeReader(): Promise<ReadCodes> {
  return (await findNativeReader()) ?? (await loadOwnReader());
}

async function findNativeReader(): Promise<ReadCodes | undefined> {
  if (!('BarcodeDetector' in window)) return undefined;
  const Detector = window.BarcodeDetector as NativeDetectorClass;
  const supported = await Detector.getSupportedFormats();
  const wanted = formats.filter((format) => supported.includes(format));
  // Some builds have the name and nothing behind it.
  if (!wanted.includes('qr_code') || !wanted.includes('code_128')) return undefined;
  const detector = new Detector({ formats: wanted });
  return async (video) =>
    (await detector.detect(video)).map(({ rawValue, format }) => ({
      text: rawValue,
      isSure: sureFormats.includes(format),
    }));
}

/** Enough for a card that fills half of the picture; more only costs time. */
const longestSide = 960;

async function loadOwnReader(): Promise<ReadCodes> {
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
  const wasm = new URL('zxing-wasm/reader/zxing_reader.wasm', import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('no canvas');
  return async (video) => {
    const scale = Math.min(1, longestSide / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const found = await readBarcodes(context.getImageData(0, 0, canvas.width, canvas.height), {
      formats: ['QRCode', 'Code128', 'Code39', 'DataMatrix', 'EAN13', 'EAN8', 'Aztec'],
      tryHarder: true,
      maxNumberOfSymbols: 1,
    });
    return found.map(({ text, format }) => ({ text, isSure: sureFormats.includes(format) }));
  };
}
