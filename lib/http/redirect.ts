import { env } from '../base/env.ts';

/** 303 to a page of ours: the browser asks for it with GET, so that Back and Reload repeat nothing. */
export function seeOther(path: string, headers: [string, string][] = []): Response {
  return new Response(null, {
    status: 303,
    headers: [...headers, ['location', env().PUBLIC_URL + path], ['cache-control', 'no-store']],
  });
}

/** 302 to the platform, outside our own origin. */
export function redirectOutside(url: string, headers: [string, string][] = []): Response {
  return new Response(null, {
    status: 302,
    headers: [
      ...headers,
      ['location', url],
      ['cache-control', 'no-store'],
      ['referrer-policy', 'same-origin'],
    ],
  });
}
