import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What a sealed text or a keyed hash is for. Each purpose has a key of its own. */
export type Purpose =
  | 'login'
  | 'frame-pass'
  | 'lti-state'
  | 'deep-linking'
  | 'hand-over'
  | 'scan-ticket'
  | 'window-secret'
  | 'tool-key'
  | 'audit-key'
  | 'calendar-feed'
  | 'personal-code'
  | 'unsubscribe'
  | 'device-key'
  | 'network'
  /** Opens nothing: by it a backup says which secret it needs. */
  | 'fingerprint';

/** The current secret, and the one before it, which still opens what it sealed. */
export interface Secrets {
  current: string;
  previous?: string | undefined;
}

/** As key objects: to make one of raw bytes costs more than to use it. */
const derived = new Map<string, KeyObject>();

/** A 32-byte key for one purpose, derived from a secret by HKDF-SHA-256 (RFC 5869). */
export function deriveKey(secret: string, purpose: Purpose): KeyObject {
  const id = `${purpose}\0${secret}`;
  let key = derived.get(id);
  if (key === undefined) {
    key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'sk-attendance', purpose, 32)));
    derived.set(id, key);
  }
  return key;
}

const ivBytes = 12;
const tagBytes = 16;

/** Encrypts and authenticates a JSON value (AES-256-GCM). The answer is URL-safe text. */
export function seal(secrets: Secrets, purpose: Purpose, value: unknown): string {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(secrets.current, purpose), iv);
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url');
}

/** The sealed value, or undefined when the text was not sealed by us for this purpose. */
export function unseal(secrets: Secrets, purpose: Purpose, text: string): unknown {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= ivBytes + tagBytes) return undefined;
  for (const secret of [secrets.current, secrets.previous]) {
    if (secret === undefined) continue;
    try {
      const decipher = createDecipheriv(
        'aes-256-gcm',
        deriveKey(secret, purpose),
        bytes.subarray(0, ivBytes),
      );
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const body = Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()]);
      return JSON.parse(body.toString('utf8'));
    } catch {
      // Not sealed with this secret, or tampered with: the next one may fit.
    }
  }
  return undefined;
}

/**
 * The same value sealed with the current secret: the text itself where it was so already; undefined when no
 * secret opens it.
 */
export function reseal(secrets: Secrets, purpose: Purpose, text: string): string | undefined {
  if (unseal({ current: secrets.current }, purpose, text) !== undefined) return text;
  const value = unseal(secrets, purpose, text);
  return value === undefined ? undefined : seal(secrets, purpose, value);
}

/** A keyed hash, for what could be guessed and must be recognised again but not be read (networks). */
export function keyedHash(secrets: Secrets, purpose: Purpose, text: string): string {
  return createHmac('sha256', deriveKey(secrets.current, purpose)).update(text).digest('base64url');
}

/**
 * What is kept of a token of 32 random bytes, to recognise it again: nobody can try so many, so that it needs no
 * key, and a changed secret forgets none.
 */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
