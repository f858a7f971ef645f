import { env, isLocalhost } from '../base/env.ts';

/** Our cookies. All are HttpOnly; what they hold is sealed or random. */
export type CookieName = 'sk_login' | 'sk_scan' | 'sk_device' | 'sk_browser' | `sk_state_${string}`;

/**
 * Browsers keep `Secure` cookies for https and for plain localhost (WebKit only for https). A framed tool
 * needs `SameSite=None; Partitioned`, which needs `Secure`; elsewhere a Lax cookie serves unframed pages.
 */
function cookieForm(): { prefix: string; attributes: string } {
  const url = new URL(env().PUBLIC_URL);
  if (url.protocol === 'https:') {
    return { prefix: '__Host-', attributes: 'Path=/; Secure; HttpOnly; SameSite=None; Partitioned' };
  }
  if (isLocalhost(url.hostname)) {
    return { prefix: '', attributes: 'Path=/; Secure; HttpOnly; SameSite=None; Partitioned' };
  }
  return { prefix: '', attributes: 'Path=/; HttpOnly; SameSite=Lax' };
}

/** The name as the browser knows it. */
function cookieNameInBrowser(name: CookieName): string {
  return cookieForm().prefix + name;
}

export function readCookie(headers: Headers, name: CookieName): string | undefined {
  const wanted = cookieNameInBrowser(name);
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === wanted) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** A Set-Cookie value. `maxAgeSeconds` 0 takes the cookie away. The value must be URL-safe text. */
export function setCookie(name: CookieName, value: string, maxAgeSeconds: number): string {
  const { prefix, attributes } = cookieForm();
  return `${prefix}${name}=${value}; Max-Age=${String(maxAgeSeconds)}; ${attributes}`;
}

/**
 * A cookie that a page's script may set to find out whether this browser keeps any of ours where the page
 * stands. It has the form of the others, but for HttpOnly.
 */
export function probeCookie(): { name: string; attributes: string } {
  const { prefix, attributes } = cookieForm();
  return { name: `${prefix}sk_probe`, attributes: attributes.replace(' HttpOnly;', '') };
}
