import { randomToken } from '../base/ids.ts';
import { nearestAddress } from '../base/networks.ts';
import { tokenHash } from '../base/seal.ts';
import type { Circumstances } from '../check-in/confirm-scan.ts';
import { networkPrefix } from '../check-in/rules.ts';
import { readCookie, setCookie } from './cookies.ts';

/** As long as a remembered phone at most. */
const browserSeconds = 400 * 24 * 3600;

export interface KnownBrowser {
  /** What evidence and tickets name this browser by. */
  browserHash: string;
  /** Gives the browser its id, where it had none; a browser that keeps no cookies gets another each time. */
  cookies: [string, string][];
}

/**
 * The random id of a browser, by which it is known again: so that a scan that is confirmed elsewhere, and a phone that
 * checks several people in, can be told. It identifies nobody and opens nothing.
 */
export function knowBrowser(headers: Headers): KnownBrowser {
  const known = readCookie(headers, 'sk_browser');
  const id = known ?? randomToken(16);
  return {
    browserHash: tokenHash(id),
    cookies: known === undefined ? [['set-cookie', setCookie('sk_browser', id, browserSeconds)]] : [],
  };
}

/** From where a check-in is confirmed. A browser that has no id yet is given one by the caller's answer, or stays unknown. */
export function circumstancesOf(headers: Headers, browser?: KnownBrowser): Circumstances {
  const id = readCookie(headers, 'sk_browser');
  return {
    deviceKey: readCookie(headers, 'sk_device'),
    browserHash: browser?.browserHash ?? (id === undefined ? null : tokenHash(id)),
    network: networkPrefix(headers.get('x-forwarded-for')),
    address: nearestAddress(headers.get('x-forwarded-for')),
  };
}
