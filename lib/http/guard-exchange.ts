import type { IncomingMessage, ServerResponse } from 'node:http';
import { env, isLocalhost } from '../base/env.ts';
import { permissionsPolicy } from './permissions-policy.ts';

const yearSeconds = 31_536_000;

/** What other sites may read by a plain link: pictures for the platform's menus, and what platforms fetch. */
const forOtherSites = /^\/(icon\.svg|lti\/jwks|lti\/config)$/;

/** The files of the build: named by their content, and nobody's own. */
const builtFiles = '/_next/static/';

/**
 * What holds for every request and every answer of the production server, whoever makes the answer: a page, a handler,
 * or Next itself (files, redirects, 404, 500).
 *
 * - Next compares a server action's Origin with the forwarded host. That is what the settings say, whatever a proxy
 *   or a visitor sends.
 * - An answer gets, just before it goes out, those of the security headers that it has not got.
 */
export function guardExchange(request: IncomingMessage, response: ServerResponse): void {
  request.headers['x-forwarded-host'] = new URL(env().PUBLIC_URL).host;
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const writeHead = response.writeHead.bind(response);
  // Node itself calls it too, for answers that begin with their body.
  response.writeHead = ((...given: Parameters<typeof writeHead>) => {
    for (const [name, value] of Object.entries(
      baseHeaders(path, String(response.getHeader('content-type'))),
    )) {
      if (!response.hasHeader(name)) response.setHeader(name, value);
    }
    return writeHead(...given);
  }) as typeof response.writeHead;
}

/** The security headers of an answer that says nothing else. */
export function baseHeaders(path: string, contentType: string): Record<string, string> {
  const url = new URL(env().PUBLIC_URL);
  const isSecure = url.protocol === 'https:';
  return {
    // Of this host alone: what lies below it may be somebody else's.
    ...(isSecure && { 'strict-transport-security': `max-age=${String(yearSeconds)}` }),
    'x-content-type-options': 'nosniff',
    // Not `no-referrer`: it would turn the Origin of our own forms into `null`.
    'referrer-policy': 'same-origin',
    'permissions-policy': permissionsPolicy(),
    'cross-origin-resource-policy': forOtherSites.test(path) ? 'cross-origin' : 'same-origin',
    // Below /lti/ pages speak to the window that opened them. Browsers ignore it, with a complaint, on plain http.
    ...((isSecure || isLocalhost(url.hostname)) &&
      !path.startsWith('/lti/') && { 'cross-origin-opener-policy': 'same-origin' }),
    // A worker's rights are those of its file's answer; Next says itself how long its files are kept.
    ...(!path.startsWith(builtFiles) && {
      'content-security-policy': contentType.startsWith('text/html') ? barePage : nothing,
      'cache-control': 'no-store',
    }),
  };
}

const nothing = "default-src 'none'; frame-ancestors 'none'";

/** Next's page for an address that is none of ours: to be read, with our style. */
const barePage =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
