import type { JWK } from 'jose';
import { z } from 'zod';

const keyDownloadMs = 5_000;

const keySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional() })) });

/**
 * A public key of the tool. Canvas downloads the keys whenever it needs one: a tool that is slow or down gets
 * no token and adds no content.
 *
 * @returns the key, or a sentence that says why there is none.
 */
export async function downloadKey(jwksUrl: string, kid: string): Promise<JWK | string> {
  try {
    const answer = await fetch(jwksUrl, { signal: AbortSignal.timeout(keyDownloadMs) });
    if (!answer.ok) return `the tool's public keys could not be downloaded (HTTP ${String(answer.status)})`;
    const parsed = keySet.safeParse(await answer.json());
    if (!parsed.success) return "the tool's public keys are not a JWK set";
    const key = parsed.data.keys.find((one) => one.kid === kid);
    return key ?? 'no public key of the tool has this kid';
  } catch {
    return "the tool's public keys could not be downloaded";
  }
}
