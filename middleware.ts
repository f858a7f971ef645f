import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
import { env } from '#lib/base/env.ts';
import { randomToken } from '#lib/base/ids.ts';
import { frameAncestors, refreshFrameAncestors } from '#lib/http/frame-ancestors.ts';
import { requestIdHeader } from '#lib/base/request-id.ts';
import { requestIdOf } from '#lib/http/request-id.ts';

/**
 * Sets the Content-Security-Policy with its nonce and a request id for the screens. It decides no access.
 * The protocol's doors, the phone's and the API set their own headers (lib/http).
 */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  // A school's own domain is known since its first launch, perhaps through another process, a moment ago.
  if (request.headers.get('sec-fetch-dest') === 'iframe') await refreshFrameAncestors();
  const nonce = randomToken(12);
  // React explains errors by eval while developing.
  const scriptSources = [
    "'self'",
    `'nonce-${nonce}'`,
    "'strict-dynamic'",
    ...(env().NODE_ENV === 'development' ? ["'unsafe-eval'"] : []),
    // The reader of cards and codes is WebAssembly, where a browser has none of its own.
    ...(request.nextUrl.pathname.endsWith('/by-hand') ? ["'wasm-unsafe-eval'"] : []),
  ];
  const policy = [
    "default-src 'self'",
    `script-src ${scriptSources.join(' ')}`,
    // Positions that a script computes (popovers, bars) are style attributes; style elements need the nonce.
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors()}`,
  ].join('; ');

  const headers = new Headers(request.headers);
  const requestId = requestIdOf(request.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-nonce', nonce);
  headers.set(requestIdHeader, requestId);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set(requestIdHeader, requestId);
  return response;
}

export const config = {
  runtime: 'nodejs',
  matcher: [
    '/((?!c/|c$|h/|lti/|api/|health|metrics|calendar/|mail/|handover|courses/[^/]+/check-in$|_next/|favicon.ico).*)',
  ],
};
