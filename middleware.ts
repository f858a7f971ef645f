import { NextResponse } from 'next/server';
import type { NextRequest } from 'next/server';
import { env } from '#lib/base/env.ts';
import { httpStatusByCode } from '#lib/base/errors.ts';
import { randomToken } from '#lib/base/ids.ts';
import { requestIdHeader } from '#lib/base/request-id.ts';
import { frameAncestorsOf } from '#lib/http/frame-ancestors.ts';
import { isOwnOrigin } from '#lib/http/own-origin.ts';
import { permissionsPolicy } from '#lib/http/permissions-policy.ts';
import { maxActionBytes } from '#lib/http/read-body.ts';
import { requestIdOf } from '#lib/http/request-id.ts';

/**
 * Sets the Content-Security-Policy with its nonce and a request id for the screens, and turns away server actions that
 * no page of ours has sent, or that are too large. It decides no access. The protocol's doors, the phone's and the API
 * set their own headers (lib/http).
 */
export async function middleware(request: NextRequest): Promise<NextResponse> {
  const { pathname } = request.nextUrl;
  if (!['GET', 'HEAD'].includes(request.method)) {
    // Next compares hosts only, and lets pass what names no origin.
    if (!isOwnOrigin(request.headers)) return refusal('wrong-origin');
    if (Number(request.headers.get('content-length') ?? 0) > maxActionBytes) return refusal('body-too-large');
  }
  // Screens that need the camera or WebAssembly are loaded anew: a policy stays as long as its document.
  const readsCodes = pathname.endsWith('/by-hand');
  const nonce = randomToken(12);
  // React explains errors by eval while developing.
  const scriptSources = [
    "'self'",
    `'nonce-${nonce}'`,
    "'strict-dynamic'",
    ...(env().NODE_ENV === 'development' ? ["'unsafe-eval'"] : []),
    // The reader of cards and codes is WebAssembly, where a browser has none of its own.
    ...(readsCodes ? ["'wasm-unsafe-eval'"] : []),
  ];
  const courseId = /^\/courses\/([^/]+)/.exec(pathname)?.[1];
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
    await frameAncestorsOf(request.headers, courseId === undefined ? undefined : { courseId }),
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
  response.headers.set(
    'permissions-policy',
    permissionsPolicy([
      'clipboard-write',
      'fullscreen',
      'geolocation',
      'screen-wake-lock',
      ...(readsCodes ? (['camera'] as const) : []),
    ]),
  );
  response.headers.set(requestIdHeader, requestId);
  return response;
}

function refusal(code: 'wrong-origin' | 'body-too-large'): NextResponse {
  return NextResponse.json({ error: code }, { status: httpStatusByCode[code] });
}

export const config = {
  runtime: 'nodejs',
  matcher: [
    '/((?!c/|c$|h/|lti/|api/|health|metrics|calendar/|mail/|handover|courses/[^/]+/check-in$|_next/|favicon.ico).*)',
  ],
};
