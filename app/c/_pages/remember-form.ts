import { html } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import type { Voice } from '#lib/http/request-context.ts';

/** This browser, as far as it may become its person's phone. */
export interface PhoneToRemember {
  /** It is already. */
  isRemembered: boolean;
  /** A phone or a tablet; a computer may be anybody's. */
  isHandheld: boolean;
}

/** "This is my phone": asked after a sign-in, where it can be one. */
export function rememberForm(
  checkInId: string,
  { isRemembered, isHandheld }: PhoneToRemember,
  t: Voice['t'],
): Html {
  if (isRemembered) return html`<p class="foot" role="status">${t('phone.remember.done')}</p>`;
  if (!isHandheld) return html`<p class="foot">${t('phone.remember.elsewhere')}</p>`;
  return html`<form class="card" method="post" action="/c/remember">
    <p><strong>${t('phone.remember.title')}</strong></p>
    <p><small>${t('phone.remember.lead')}</small></p>
    <input type="hidden" name="checkIn" value="${checkInId}" />
    <p><button class="second">${t('phone.remember.go')}</button></p>
  </form>`;
}
