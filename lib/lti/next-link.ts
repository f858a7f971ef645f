/**
 * The address of the next page: the target with `rel="next"` of a `Link` header (RFC 8288 § 3), kept letter by
 * letter, for places in a list are opaque. Moodle escapes the ampersands in it as if for HTML and puts curly
 * quotes round the relation; it is meant all the same.
 *
 * @param page the page that the header came with; a relative target counts from there
 * @returns undefined on the last page; 'elsewhere' for a target on another origin, which no token may go to
 */
export function nextLink(
  header: string | string[] | undefined,
  page: string,
): { url: string } | 'elsewhere' | undefined {
  const links = Array.isArray(header) ? header.join(', ') : (header ?? '');
  for (const [, target = '', parameters = ''] of links.matchAll(/<([^<>]*)>((?:[^"<]|"[^"]*")*)/g)) {
    const relations = /;\s*rel\s*=\s*("[^"]*"|[^;,\s]*)/i.exec(parameters)?.[1] ?? '';
    if (
      !relations.split(/\s+/).some((one) => one.replace(/^[^a-z]+|[^a-z]+$/gi, '').toLowerCase() === 'next')
    )
      continue;
    const url = URL.parse(target.replaceAll('&amp;', '&'), page);
    return url?.origin === new URL(page).origin ? { url: url.href } : 'elsewhere';
  }
  return undefined;
}
