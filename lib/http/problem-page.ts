import type { ErrorCode } from '../base/errors.ts';
import { httpStatusByCode } from '../base/errors.ts';
import type { Language } from '../i18n/languages.ts';
import type { Translate } from '../i18n/translator.ts';
import { html, lightPage } from './html.ts';
import { stopMark } from './page-mark.ts';

export interface Problem {
  code: ErrorCode;
  t: Translate;
  language: Language;
  requestId: string;
  headers?: [string, string][];
}

/** What happened, what to do, and the number under which the operator finds it in the log. */
export function problemPage({ code, t, language, requestId, headers = [] }: Problem): Response {
  const title = t(`errors.${code}.title`);
  return lightPage({
    language,
    title,
    status: httpStatusByCode[code],
    headers,
    mood: 'problem',
    framedBy: 'anyone',
    body: html`<div class="card">
        ${stopMark}
        <h1>${title}</h1>
        <p>${t(`errors.${code}.todo`)}</p>
      </div>
      <p class="foot">${t('problem.request-id')} <code>${requestId}</code></p>`,
  });
}
