import { AppError } from '../base/errors.ts';

/** @throws AppError `body-too-large` before more than the limit is held in memory */
async function readText(request: Request, maxBytes: number): Promise<string> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw new AppError('body-too-large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new AppError('body-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const maxFormBytes = 128 * 1024;

/** Of a server action; Next's own limit (`serverActions.bodySizeLimit`), by which a file of meetings is measured. */
export const maxActionBytes = 1_048_576;

/**
 * The fields of an URL-encoded form, in order, duplicates and all.
 *
 * @throws AppError `body-too-large`
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await readText(request, maxFormBytes));
}

/**
 * A JSON body; what it means is read by the use case.
 *
 * @throws AppError `body-too-large`, `invalid-input` (no JSON object)
 */
export async function readJson(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  const text = await readText(request, maxBytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('invalid-input');
  }
  if (typeof value !== 'object' || value === null) throw new AppError('invalid-input');
  return value as Record<string, unknown>;
}
