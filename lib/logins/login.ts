import { sealData, unsealData } from 'iron-session';
import { z } from 'zod';
import { deriveKey } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';
import { languages } from '../i18n/languages.ts';

/** How long a login lasts: a long working day. */
export const loginHours = 12;

const loginShape = z.object({
  personId: z.uuid(),
  language: z.enum(languages),
  /** Milliseconds since 1970, by Postgres' clock. */
  expiresAt: z.number(),
});

/** A browser's signed-in state. It names a person; what they may do is read from the database each time. */
export type Login = z.output<typeof loginShape>;

/** iron names its password by a number; ours is a fingerprint, so that a changed secret is told apart. */
function passwordOf(secret: string): [number, string] {
  const key = deriveKey(secret, 'login').export();
  return [key.readUInt32BE(28), key.subarray(0, 28).toString('base64')];
}

/** The cookie's value for a login that begins now. */
export function sealLogin(secrets: Secrets, login: Omit<Login, 'expiresAt'>, now: Date): Promise<string> {
  const expiresAt = now.getTime() + loginHours * 3_600_000;
  return sealData(
    { ...login, expiresAt },
    { password: Object.fromEntries([passwordOf(secrets.current)]), ttl: 0 },
  );
}

/** Logins of the last requests, so that a page with its marks opens its cookie once: to open one takes a millisecond. */
const opened = new WeakMap<Secrets, Map<string, Login>>();
const maxOpened = 2_000;

/** The login that a cookie holds, or undefined when it is not ours, too old, or of another secret. */
export async function openLogin(secrets: Secrets, sealed: string, now: Date): Promise<Login | undefined> {
  const known = opened.get(secrets) ?? new Map<string, Login>();
  opened.set(secrets, known);
  const login = known.get(sealed) ?? (await unsealLogin(secrets, sealed));
  if (login === undefined || login.expiresAt <= now.getTime()) return undefined;
  if (!known.has(sealed)) {
    // The oldest goes: a browser that comes again opens its cookie again.
    if (known.size >= maxOpened) known.delete(known.keys().next().value ?? '');
    known.set(sealed, login);
  }
  return login;
}

async function unsealLogin(secrets: Secrets, sealed: string): Promise<Login | undefined> {
  const password = Object.fromEntries(
    [secrets.previous, secrets.current].filter((secret) => secret !== undefined).map(passwordOf),
  );
  try {
    return loginShape.safeParse(await unsealData(sealed, { password, ttl: 0 })).data;
  } catch {
    return undefined;
  }
}
