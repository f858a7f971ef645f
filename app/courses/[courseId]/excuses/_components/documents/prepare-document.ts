import type { Prepared } from './uploads.ts';

/** The longest side of a picture on which a doctor's note is still well read; phones take larger ones. */
const maxSide = 4_000;
/** Tried in turn until the picture is small enough. */
const tries = [
  { side: maxSide, quality: 0.88 },
  { side: maxSide, quality: 0.75 },
  { side: 2_800, quality: 0.75 },
  { side: 2_000, quality: 0.7 },
] as const;

/**
 * Makes a picture smaller where it is larger than the server takes, so that no phone's photo fails by its size. What the
 * browser cannot read as a picture (a PDF, most HEIC) goes as it is; the server looks at it anyway. What comes out lies
 * in memory: the file on the disk may change or go before a second try.
 */
export async function prepareDocument(file: Blob, maxBytes: number): Promise<Prepared> {
  const picture = await readPicture(file);
  try {
    if (
      picture !== undefined &&
      (file.size > maxBytes || Math.max(picture.width, picture.height) > maxSide)
    ) {
      for (const { side, quality } of tries) {
        const content = await draw(picture, side, quality);
        if (content !== null && content.size <= maxBytes) return { kind: 'ready', content };
      }
    }
  } finally {
    picture?.close();
  }
  if (file.size > maxBytes) return { kind: 'refused', why: 'too-large' };
  try {
    return { kind: 'ready', content: new Blob([await file.arrayBuffer()], { type: file.type }) };
  } catch {
    // Moved meanwhile, or it lies in a cloud that does not give it.
    return { kind: 'refused', why: 'unreadable' };
  }
}

async function readPicture(file: Blob): Promise<ImageBitmap | undefined> {
  if (!file.type.startsWith('image/')) return undefined;
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch {
    return undefined;
  }
}

/** Null: this browser cannot draw so much. */
function draw(picture: ImageBitmap, side: number, quality: number): Promise<Blob | null> {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext('2d');
  if (pen === null) return Promise.resolve(null);
  // JPEG knows no transparency: what shows through is paper.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', quality);
  });
}
