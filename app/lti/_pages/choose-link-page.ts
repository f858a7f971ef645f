import type { LinkChoices } from '#lib/deep-linking/load-link-choices.ts';
import type { PlacedAnswer } from '#lib/deep-linking/place-link.ts';
import type { FrameAncestors } from '#lib/http/frame-ancestors.ts';
import { hiddenFields, html, lightPage } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { translatorFor } from '#lib/i18n/translator.ts';
import { formatDay, formatTimeRange, meetingName } from '#lib/i18n/format.ts';
import { waiting } from './waiting.ts';

/** A teacher places a link in the platform: to the course's attendance, or to one meeting. */
export function chooseLinkPage(
  { request, choices, framedBy }: { request: string; choices: LinkChoices; framedBy: FrameAncestors },
  voice: Voice,
): Response {
  const { t, language } = voice;
  const { coming, past, hasMore, mayLinkMeetings } = choices;
  return lightPage({
    language,
    title: t('link.title'),
    framedBy,
    body: html`<form class="card left" method="post" action="/lti/deep-link">
      <h1>${t('link.title')}</h1>
      <p class="quiet">${t('link.lead')}</p>
      ${hiddenFields({ request })}
      <label class="tick">
        <input type="radio" name="choice" value="course" checked /> <span>${t('link.course')}</span>
      </label>
      ${group(t('link.coming'), coming, voice)} ${group(t('link.past'), past, voice)}
      ${mayLinkMeetings && coming.length + past.length === 0 && html`<p class="quiet">${t('link.none')}</p>`}
      ${hasMore && html`<p class="quiet">${t('link.more')}</p>`}
      <p><button type="submit">${t('link.go')}</button></p>
      <p>
        <button type="submit" class="second" name="cancel" value="yes">${t('link.cancel')}</button>
      </p>
    </form>`,
  });
}

function group(title: string, meetings: LinkChoices['coming'], { t, language }: Voice): Html | false {
  return (
    meetings.length > 0 &&
    html`<fieldset>
      <legend>${title}</legend>
      ${meetings.map(
        (meeting) =>
          html`<label class="tick">
            <input type="radio" name="choice" value="${meeting.id}" />
            <span>
              ${meetingName(meeting, t)}<br />
              <small>
                ${formatDay(meeting.startsAt, meeting.timeZone, language, { year: true })},
                ${formatTimeRange(meeting.startsAt, meeting.endsAt, meeting.timeZone, language)}
              </small>
            </span>
          </label>`,
      )}
    </fieldset>`
  );
}

/** Carries the signed answer back; the browser posts it, as it brought the request. */
export function linkPlacedPage(answer: PlacedAnswer, framedBy: FrameAncestors): Response {
  const { language } = answer;
  const t = translatorFor(language);
  return lightPage({
    language,
    title: t('link.placed'),
    framedBy,
    script: '/lti/send-form.js',
    formTo: new URL(answer.returnUrl).origin,
    body: html`<form method="post" action="${answer.returnUrl}">
      ${waiting(t('link.placed'))} ${hiddenFields({ JWT: answer.jwt })}
      <noscript>
        <p><button type="submit">${t('launch.continue')}</button></p>
      </noscript>
    </form>`,
  });
}
