import { hiddenFields, html, lightPage } from '#lib/http/html.ts';
import { pageMark, tickMark } from '#lib/http/page-mark.ts';
import type { Voice } from '#lib/http/request-context.ts';
import type { RegisteredPlatform, RegistrationRequest } from '#lib/platforms/register-by-invitation.ts';

const linkMark = pageMark(
  'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7l1-1',
);

/** Asks the platform's administrator before anything is sent. The platform shows it in a frame. */
export function askRegistrationPage(
  { action, host, asked }: { action: string; host: string; asked: RegistrationRequest },
  { t, language }: Voice,
): Response {
  const title = t('connect.title', { host });
  return lightPage({
    language,
    title,
    // The platform is not known yet; who has the link may show it.
    framedBy: 'anyone',
    body: html`<form class="card left" method="post" action="${action}">
      ${linkMark}
      <h1>${title}</h1>
      <p>${t('connect.lead')}</p>
      <ul>
        <li>${t('connect.asks.members')}</li>
        <li>${t('connect.asks.grades')}</li>
        <li>${t('connect.asks.links')}</li>
      </ul>
      ${hiddenFields({
        openid_configuration: asked.configurationUrl,
        ...(asked.registrationToken !== undefined && { registration_token: asked.registrationToken }),
      })}
      <p><button type="submit">${t('connect.go')}</button></p>
    </form>`,
  });
}

/** What was registered, what comes next, and the way back: the platform waits for the closing message. */
export function registeredPage(registered: RegisteredPlatform, { t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('connect.done.title'),
    mood: 'good',
    script: '/lti/close-registration.js',
    framedBy: 'anyone',
    body: html`<div class="card">
      ${tickMark}
      <h1>${t('connect.done.title')}</h1>
      <dl>
        <dt>${t('connect.done.platform')}</dt>
        <dd>${registered.issuer}</dd>
        <dt>${t('connect.done.client')}</dt>
        <dd>${registered.clientId}</dd>
      </dl>
      <p>${t(registered.isCanvas ? 'connect.done.next.canvas' : 'connect.done.next.other')}</p>
      <p><button type="button" data-close>${t('connect.done.close')}</button></p>
      <p class="quiet" role="status" data-closed hidden>${t('connect.done.closed')}</p>
    </div>`,
  });
}
