import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { seal, unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';

/** A new window's secret, sealed: whoever reads a copy of the database can make no codes. */
export function createSealedSecret(secrets: Secrets): string {
  return seal(secrets, 'window-secret', randomBytes(32).toString('base64url'));
}

/** Of the windows that are asked for now: a hall of phones asks for one. */
const opened = new Map<string, KeyObject>();
const mostOpened = 200;

export function openSecret(secrets: Secrets, sealed: string): KeyObject {
  let secret = opened.get(sealed);
  if (secret === undefined) {
    const text = unseal(secrets, 'window-secret', sealed);
    if (typeof text !== 'string') throw new Error('a window secret was sealed with another SESSION_SECRET');
    if (opened.size >= mostOpened) opened.clear();
    secret = createSecretKey(Buffer.from(text, 'base64url'));
    opened.set(sealed, secret);
  }
  return secret;
}
