import { randomToken } from '../base/ids.ts';
import { Html, html } from '../base/markup.ts';
import type { Language } from '../i18n/languages.ts';
import { frameAncestorsOfAnyone } from './frame-ancestors.ts';
import type { FrameAncestors } from './frame-ancestors.ts';
import { lightStyle } from './light-style.ts';
import { permissionsPolicy } from './permissions-policy.ts';

export { Html, html };

/** What a form carries along unseen. */
export function hiddenFields(fields: Readonly<Record<string, string>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
}

export interface LightPage {
  language: Language;
  title: string;
  body: Html;
  status?: number;
  /** Set-Cookie and other headers of this answer. */
  headers?: [string, string][];
  /** Asks the browser to open `url` after some seconds (automatic retry without script). */
  refresh?: { seconds: number; url: string };
  /** A script of ours (below public/lti) that does what the page cannot do without one. */
  script?: string;
  /** A script that stands in the page, so that it costs no request; it may ask for the phone's position. */
  positionScript?: string | undefined;
  /** An origin outside ours to which a form of this page may be sent. */
  formTo?: string;
  /**
   * Any secure page may frame this one: what is shown before anything is known of the platform, and holds nothing that
   * a click could be stolen for. Else a directive (frame-ancestors.ts), or what `answering` finds.
   */
  framedBy?: 'anyone' | FrameAncestors;
  /** The page's one colour: neutral, good (checked in), or a problem. */
  mood?: 'plain' | 'good' | 'problem';
}

/**
 * Up to so many characters a page goes as it is (`no-transform`): to compress it would cost the server as much as a
 * check-in's own work, and save the phone nothing, because it fits into the first packets of a connection either way.
 */
const smallLength = 6_500;

/**
 * A complete small page without framework, and without script unless it names one: for phones in a full hall,
 * for the protocol's own pages, and for problems that may be the framework's. The style stands in the page, so
 * that one request brings everything.
 */
export function lightPage(page: LightPage): Response {
  const nonce = randomToken(12);
  const refresh =
    page.refresh === undefined
      ? undefined
      : html`<meta http-equiv="refresh" content="${page.refresh.seconds};url=${page.refresh.url}" />`;
  const script =
    page.script === undefined
      ? undefined
      : html`<script type="module" nonce="${nonce}" src="${page.script}"></script>`;
  const positionScript =
    page.positionScript === undefined
      ? undefined
      : new Html(`<script nonce="${nonce}">${page.positionScript}</script>`);
  const document = html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        ${refresh} ${script}
        <style nonce="${nonce}">
          ${new Html(lightStyle)}
        </style>
      </head>
      <body class="${page.mood ?? 'plain'}">
        <main>${page.body}</main>
        ${positionScript}
      </body>
    </html>`;
  const headers = new Headers(page.headers);
  headers.set('content-type', 'text/html; charset=utf-8');
  const isSmall = document.markup.length <= smallLength;
  headers.set('cache-control', isSmall ? 'no-store, no-transform' : 'no-store');
  headers.set('referrer-policy', 'same-origin');
  headers.set('x-content-type-options', 'nosniff');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(page.script === undefined && page.positionScript === undefined
      ? []
      : [`script-src 'nonce-${nonce}'`]),
    ...(page.script === undefined ? [] : ["connect-src 'self'"]),
    'img-src data:',
    `form-action 'self'${page.formTo === undefined ? '' : ` ${page.formTo}`}`,
    "base-uri 'none'",
    ...(page.framedBy === undefined
      ? []
      : [page.framedBy === 'anyone' ? frameAncestorsOfAnyone() : page.framedBy]),
  ];
  headers.set('content-security-policy', policy.join('; '));
  headers.set(
    'permissions-policy',
    permissionsPolicy(page.positionScript === undefined ? [] : ['geolocation']),
  );
  return new Response(document.markup, { status: page.status ?? 200, headers });
}
