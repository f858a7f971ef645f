import type { FrameAncestors } from '#lib/http/frame-ancestors.ts';
import { hiddenFields, html, lightPage } from '#lib/http/html.ts';
import { newTabMark } from '#lib/http/page-mark.ts';
import type { Voice } from '#lib/http/request-context.ts';

/**
 * After a launch in a frame where no cookie of ours stays: the tool opens in a tab of its own, by a hand-over.
 * The first ticket serves a click in the next seconds, with or without script; later ones are fetched by the
 * pass.
 */
export function openTabPage(
  opening: {
    to: string;
    ticket: string;
    pass: string;
    headers: [string, string][];
    framedBy: FrameAncestors;
  },
  { t, language }: Voice,
): Response {
  return lightPage({
    language,
    title: t('launch.new-tab.title'),
    script: '/lti/open-tab.js',
    headers: opening.headers,
    framedBy: opening.framedBy,
    body: html`<form
      class="card"
      method="post"
      action="/handover"
      target="_blank"
      data-pass="${opening.pass}"
      data-testid="open-in-new-tab"
    >
      ${newTabMark}
      <h1>${t('launch.new-tab.title')}</h1>
      <p>${t('launch.new-tab.why')}</p>
      ${hiddenFields({ ticket: opening.ticket, to: opening.to })}
      <p><button type="submit">${t('launch.new-tab.go')}</button></p>
      <p role="alert" data-blocked hidden>${t('window.blocked')}</p>
    </form>`,
  });
}
