import { AppError } from '../base/errors.ts';
import { env } from '../base/env.ts';

/**
 * Our cookies travel with requests that other sites start (SameSite=None), so whatever changes something
 * asks for our own Origin, and for same-origin fetch metadata where the browser sends it.
 *
 * @throws AppError `wrong-origin`
 */
export function requireOwnOrigin(headers: Headers): void {
  if (!isOwnOrigin(headers)) throw new AppError('wrong-origin');
}

/** Whether a page of ours has sent this. The origin is that of the settings, whatever a proxy says of the host. */
export function isOwnOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  return headers.get('origin') === env().PUBLIC_URL && (site === null || site === 'same-origin');
}
