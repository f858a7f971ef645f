import { html } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';

/** What a page says that only a moment is spent on. */
export function waiting(sentence: string): Html {
  return html`<p class="quiet" role="status">${sentence}</p>`;
}
