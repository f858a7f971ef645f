import type { ConfirmedCheckIn } from '#lib/check-in/confirm-scan.ts';
import { html, lightPage } from '#lib/http/html.ts';
import { stopMark, tickMark } from '#lib/http/page-mark.ts';
import { formatTime, meetingName } from '#lib/i18n/format.ts';
import { isGood, resultTitle, tellMinutes } from '#lib/http/tell-check-in.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { heading, meetingTimes } from './phone-page.ts';
import { rememberForm } from './remember-form.ts';
import type { PhoneToRemember } from './remember-form.ts';

/** Done: what was entered, when, and that nothing more is to do. */
export function resultPage(
  result: ConfirmedCheckIn,
  { t, language }: Voice,
  options: {
    headers?: [string, string][];
    /** After a sign-in: whether this browser is, or may become, the person's phone. */
    phone?: PhoneToRemember;
  } = {},
): Response {
  const { meeting, direction } = result;
  const { headers, phone } = options;
  const time = (at: Date) => formatTime(at, meeting.timeZone, language);
  const title = t(resultTitle(result));
  const good = isGood(result);
  return lightPage({
    language,
    title,
    headers,
    mood: good ? 'good' : 'problem',
    body: html`<div class="card">
        ${good ? tickMark : stopMark} ${heading(title)}
        ${result.personName !== null && html`<p class="who">${result.personName}</p>`}
        <p class="quiet">${meetingName(meeting, t)}<br />${meetingTimes(meeting, language)}</p>
        <dl>
          <dt>${t(`phone.result.time.${direction}`)}</dt>
          <dd>${time(result.at)}</dd>
          ${
            result.status !== null &&
            html`<dt>${t('phone.result.status')}</dt>
              <dd>${t(`status.${result.status}`)}</dd>`
          }
        </dl>
        <p>${tellMinutes(result, t, language)}</p>
        <p class="quiet">${t('phone.result.done')}</p>
      </div>
      ${phone !== undefined && rememberForm(result.checkInId, phone, t)}`,
  });
}
