import { keyedHash, tokenHash } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';
import { mostKeysOfPhone } from './rules.ts';

/** The key that follows a phone's present one: the same for whoever asks. */
export function nextDeviceKey(secrets: Secrets, deviceKey: string): string {
  return keyedHash(secrets, 'device-key', deviceKey);
}

/** The hashes of a key and of all that can have followed from it since: by these a copy is found, which has gone on. */
export function hashesFrom(secrets: Secrets, deviceKey: string): string[] {
  const keys = [deviceKey];
  while (keys.length < mostKeysOfPhone) keys.push(nextDeviceKey(secrets, keys.at(-1) ?? ''));
  return keys.map(tokenHash);
}
