import { html } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import type { Voice } from '#lib/http/request-context.ts';

/** This browser, as far as it may become its person's phone. */
export interface PhoneToRemember {
  /** It is already. */
  isRemembered: boolean;
  /** A phone or a tablet; a computer may be anybody's. */
  isHandheld: boolean;
  /** It has scanned; else the scan's own browser will not know it: an app has opened the sign-in in a browser of its own. */
  hasScanned: boolean;
}

/** "This is my phone": asked after a sign-in, where it can be one. */
export function rememberForm(
  checkInId: string,
  { isRemembered, isHandheld, hasScanned }: PhoneToRemember,
  t: Voice['t'],
): Html {
  const elsewhere = !hasScanned && html`<p><small>${t('phone.remember.scanned-elsewhere')}</small></p>`;
  if (isRemembered) {
    return html`<div class="foot">
      <p role="status">${t('phone.remember.done')}</p>
      ${elsewhere}
    </div>`;
  }
  if (!isHandheld) return html`<p class="foot">${t('phone.remember.elsewhere')}</p>`;
  return html`<form class="card" method="post" action="/c/remember">
    <p><strong>${t('phone.remember.title')}</strong></p>
    <p><small>${t('phone.remember.lead')}</small></p>
    ${elsewhere}
    <input type="hidden" name="checkIn" value="${checkInId}" />
    <p><button class="second">${t('phone.remember.go')}</button></p>
  </form>`;
}
