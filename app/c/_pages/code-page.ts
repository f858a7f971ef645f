import { html, lightPage } from '#lib/http/html.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { heading } from './phone-page.ts';

/** A field for the typed code, for whoever cannot scan. */
export function codePage({ t, language }: Voice): Response {
  const title = t('phone.code.title');
  return lightPage({
    language,
    title,
    body: html`<div class="card">
      ${heading(title)}
      <p class="quiet" id="lead">${t('phone.code.lead')}</p>
      <form method="get" action="/c">
        <label for="code">${t('phone.code.label')}</label>
        <input
          type="text"
          id="code"
          name="code"
          required
          autofocus
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          placeholder="K7QD-2M9X"
          aria-describedby="lead"
        />
        <p><button>${t('phone.code.go')}</button></p>
      </form>
    </div>`,
  });
}
