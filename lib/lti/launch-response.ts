import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { singleFields } from './login-request.ts';

const launchResponse = z.object({
  id_token: z.string().max(100_000).optional(),
  state: z.string().max(4_000).optional(),
  error: z.string().max(255).optional(),
  kept_key: z.string().max(255).optional(),
});

export interface LaunchResponse {
  idToken: string;
  state: string;
  /**
   * Our own page sends the launch a second time, with the browser key that it found in the frame (or a word
   * that is none). Whoever reads it must make sure that it was our page.
   */
  keptKey?: string;
}

/**
 * What the platform posts to the redirect address (LTI Security Framework § 5.1.1.3).
 *
 * @throws AppError `platform-refused` when the platform answered with an error (its code is in the facts),
 *   `launch-incomplete` when `id_token` or `state` is missing, given twice or too long.
 */
export function readLaunchResponse(fields: Iterable<[string, string]>): LaunchResponse {
  const given = singleFields(fields, launchResponse, 'launch-incomplete');
  if (given.error !== undefined) {
    throw new AppError('platform-refused', { error: given.error.replace(/[^a-z_]/gi, '') });
  }
  if (given.state === undefined) throw new AppError('launch-incomplete', { field: 'state' });
  if (given.id_token === undefined) throw new AppError('launch-incomplete', { field: 'id_token' });
  return { idToken: given.id_token, state: given.state, keptKey: given.kept_key };
}
