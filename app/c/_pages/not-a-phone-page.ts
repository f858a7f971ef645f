import { html, lightPage } from '#lib/http/html.ts';
import { stopMark } from '#lib/http/page-mark.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { heading } from './phone-page.ts';

/** A computer that asks to be remembered. */
export function notAPhonePage(backPath: string, { t, language }: Voice): Response {
  const title = t('phone.remember.refused.title');
  return lightPage({
    language,
    title,
    status: 403,
    mood: 'problem',
    body: html`<div class="card">
      ${stopMark} ${heading(title)}
      <p>${t('phone.remember.refused.lead')}</p>
      <p><a class="button second" href="${backPath}">${t('phone.remember.refused.go')}</a></p>
    </div>`,
  });
}
