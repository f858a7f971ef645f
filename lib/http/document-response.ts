import type { OpenedDocument } from '../excuses/open-document.ts';

/**
 * A document that a person of the course sent, as an answer that can do nothing in our name: saved, or shown (`inline`)
 * in a sandbox of its own origin, within our pages alone (`answering` says who may frame those). Nobody keeps a copy on the way.
 */
export function documentResponse(
  { name, mediaType, bytes, body }: Omit<OpenedDocument, 'body'> & { body: OpenedDocument['body'] | null },
  { inline }: { inline: boolean },
): Response {
  return new Response(body, {
    headers: {
      'content-type': mediaType,
      'content-length': String(bytes),
      'content-disposition': contentDisposition(inline ? 'inline' : 'attachment', name),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      // Styles are the browser's own, for the picture or the viewer that it shows.
      'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex',
    },
  });
}

/** RFC 6266: the name in ASCII for old programs, then as it is (RFC 8187). */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^ !#-$&-[\]-~]/g, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${kind}; filename="${plain}"; filename*=UTF-8''${exact}`;
}
