import type { Locator, Page } from '@playwright/test';

/** A photo as a phone takes it: noise, so that it is as large as one. */
export async function takePhoto(page: Page, width: number, height: number): Promise<Buffer> {
  const base64 = await page.evaluate(
    async ([width, height]) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width, height });
      const pen = canvas.getContext('2d');
      if (pen === null) throw new Error('no canvas');
      const noise = pen.createImageData(width, 256);
      for (let at = 0; at < noise.data.length; at += 1)
        noise.data[at] = at % 4 === 3 ? 255 : Math.random() * 255;
      for (let y = 0; y < height; y += 256) pen.putImageData(noise, 0, y);
      const blob = await new Promise<Blob | null>((resolve) => {
        canvas.toBlob(resolve, 'image/jpeg', 0.9);
      });
      if (blob === null) throw new Error('no picture');
      return new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => {
          resolve(typeof reader.result === 'string' ? (reader.result.split(',')[1] ?? '') : '');
        };
        reader.readAsDataURL(blob);
      });
    },
    [width, height] as const,
  );
  return Buffer.from(base64, 'base64');
}

export const jpegFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/jpeg', buffer });

/** Every value that the progress bar shows until it is gone. */
export async function watchProgress(line: Locator): Promise<number[]> {
  return line.evaluate(
    (item) =>
      new Promise<number[]>((resolve) => {
        const seen = new Set<number>();
        const look = () => {
          const bar = item.querySelector('[role="progressbar"]');
          if (bar !== null) seen.add(Number(bar.getAttribute('aria-valuenow')));
          if ((item as HTMLElement).dataset.state !== 'kept') return;
          observer.disconnect();
          resolve([...seen]);
        };
        const observer = new MutationObserver(look);
        observer.observe(item, { attributes: true, childList: true, subtree: true });
        look();
      }),
  );
}
