import type { ConfirmedCheckIn } from '#lib/check-in/confirm-scan.ts';
import { html, lightPage } from '#lib/http/html.ts';
import { tickMark } from '#lib/http/page-mark.ts';
import { formatMinutes, formatTime, meetingName } from '#lib/i18n/format.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { heading, meetingTimes } from './phone-page.ts';

/** Done: what was entered, when, and that nothing more is to do. */
export function resultPage(
  result: ConfirmedCheckIn,
  { t, language }: Voice,
  /** After a sign-in: whether this browser is the person's phone already. */
  phone?: { isRemembered: boolean },
): Response {
  const { meeting, kind } = result;
  const time = (at: Date) => formatTime(at, meeting.timeZone, language);
  const title = t(`phone.result.${kind}.title`);
  const minutes = t('phone.result.minutes', {
    duration: formatMinutes(result.provenMinutes),
    end: time(meeting.endsAt),
  });
  return lightPage({
    language,
    title,
    mood: 'good',
    body: html`<div class="card">
        ${tickMark} ${heading(title)}
        ${result.personName !== null && html`<p class="who">${result.personName}</p>`}
        <p class="quiet">${meetingName(meeting, t)}<br />${meetingTimes(meeting, language)}</p>
        <dl>
          <dt>${t('phone.result.arrived')}</dt>
          <dd>${time(result.at)}</dd>
          <dt>${t('phone.result.status')}</dt>
          <dd>${t(`status.${result.status}`)}</dd>
        </dl>
        <p>${kind === 'noted' ? t('phone.result.noted.lead') : minutes}</p>
        <p class="quiet">${t('phone.result.done')}</p>
      </div>
      ${phone !== undefined && rememberForm(result.checkInId, phone.isRemembered, t)}`,
  });
}

function rememberForm(checkInId: string, isRemembered: boolean, t: Voice['t']) {
  if (isRemembered) return html`<p class="foot" role="status">${t('phone.remember.done')}</p>`;
  return html`<form class="card" method="post" action="/c/remember">
    <p><strong>${t('phone.remember.title')}</strong></p>
    <p><small>${t('phone.remember.lead')}</small></p>
    <input type="hidden" name="checkIn" value="${checkInId}" />
    <p><button class="second">${t('phone.remember.go')}</button></p>
  </form>`;
}
