import { randomBytes } from 'node:crypto';
import { seal, unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';

/** A new window's secret, sealed: whoever reads a copy of the database can make no codes. */
export function createSealedSecret(secrets: Secrets): string {
  return seal(secrets, 'window-secret', randomBytes(32).toString('base64url'));
}

export function openSecret(secrets: Secrets, sealed: string): Buffer {
  const opened = unseal(secrets, 'window-secret', sealed);
  if (typeof opened !== 'string') throw new Error('a window secret was sealed with another SESSION_SECRET');
  return Buffer.from(opened, 'base64url');
}
