import { randomToken } from '../base/ids.ts';
import type { Language } from '../i18n/languages.ts';
import { frameAncestors } from './frame-ancestors.ts';
import { lightStyle } from './light-style.ts';

/** A piece of HTML whose text is escaped already. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toMarkup(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(toMarkup).join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** html`<p>${text}</p>`: text is escaped (attributes need quotes), Html passes, false and undefined vanish. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(toMarkup)));
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
  /** The page's one colour: neutral, good (checked in), or a problem. */
  mood?: 'plain' | 'good' | 'problem';
}

/**
 * A complete small page without script or framework: for phones in a full hall, and for problems that may be
 * the framework's own. The style stands in the page, so that one request brings everything.
 */
export function lightPage(page: LightPage): Response {
  const nonce = randomToken(12);
  const refresh =
    page.refresh === undefined
      ? undefined
      : html`<meta http-equiv="refresh" content="${page.refresh.seconds};url=${page.refresh.url}" />`;
  const document = html`<!doctype html>
    <html lang="${page.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        <link rel="icon" href="data:," />
        ${refresh}
        <style nonce="${nonce}">
          ${new Html(lightStyle)}
        </style>
      </head>
      <body class="${page.mood ?? 'plain'}">
        <main>${page.body}</main>
      </body>
    </html>`;
  const headers = new Headers(page.headers);
  headers.set('content-type', 'text/html; charset=utf-8');
  headers.set('cache-control', 'no-store');
  headers.set('referrer-policy', 'same-origin');
  headers.set('x-content-type-options', 'nosniff');
  headers.set(
    'content-security-policy',
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors ${frameAncestors()}`,
  );
  return new Response(document.markup, { status: page.status ?? 200, headers });
}
