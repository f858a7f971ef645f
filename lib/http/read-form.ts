import { AppError } from '../base/errors.ts';

const maxBytes = 128 * 1024;

/**
 * The fields of an URL-encoded form, in order, duplicates and all.
 *
 * @throws AppError `body-too-large` before more than the limit is held in memory
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new AppError('body-too-large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new AppError('body-too-large');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
