import { newId } from '#lib/base/ids.ts';
import type { HelpResult } from '#lib/helping/help-member.ts';
import type { SharedMeeting } from '#lib/helping/load-code-page.ts';
import type { TakenBack } from '#lib/helping/take-back-help.ts';
import { hiddenFields, html, lightPage } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import { pageMark, stopMark, tickMark } from '#lib/http/page-mark.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { formatDay, formatTime, formatTimeRange, isolated, meetingName } from '#lib/i18n/format.ts';

const personMark = pageMark('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0');

/** To those who may check its owner in: whom, and for what. To everybody else: what such a code is, and nothing more. */
export function codePage(code: string, shared: readonly SharedMeeting[], { t, language }: Voice): Response {
  const first = shared[0];
  if (first === undefined) {
    const title = t('personal-code.title');
    return lightPage({
      language,
      title,
      body: html`<div class="card">
        ${personMark}
        <h1>${title}</h1>
        <p>${t('personal-code.lead')}</p>
        <p class="quiet">${t('personal-code.staff')}</p>
      </div>`,
    });
  }
  const name = isolated(first.name ?? '');
  const title = t('personal-code.ask', { name });
  return lightPage({
    language,
    title,
    body: html`<div class="card">
      ${personMark}
      <h1>${title}</h1>
      ${shared.map(({ courseId, courseTitle, meeting, hereSince }, index) => {
        const direction = hereSince === null ? 'in' : 'out';
        const { startsAt, endsAt, timeZone } = meeting;
        return form(
          code,
          { course: courseId, meeting: meeting.id, direction, attempt: newId() },
          html`<p class="quiet">
              ${courseTitle}<br />${formatDay(startsAt, timeZone, language)},
              ${formatTimeRange(startsAt, endsAt, timeZone, language)}
            </p>
            ${
              hereSince !== null &&
              html`<p>${t('personal-code.here', { time: formatTime(hereSince, timeZone, language) })}</p>`
            }
            <button class="${index === 0 ? '' : 'second'}">
              ${t(`personal-code.${direction}`, { meeting: isolated(meetingName(meeting, t)) })}
            </button>`,
        );
      })}
    </div>`,
  });
}

type Kept = Extract<HelpResult, { checkInId: string }>;

/** What was entered, and the way back. */
export function donePage(code: string, result: Kept, { t, language }: Voice): Response {
  const { kind, direction, meeting } = result;
  const name = isolated(result.personName ?? '');
  const title = t(
    kind === 'already' ? `personal-code.done.already.${direction}` : `personal-code.done.${kind}`,
    {
      name,
    },
  );
  const isNew = kind === 'checked-in' || kind === 'checked-out';
  return lightPage({
    language,
    title,
    mood: kind === 'unpaired' ? 'problem' : 'good',
    body: html`<div class="card">
      ${kind === 'unpaired' ? stopMark : tickMark}
      <h1>${title}</h1>
      <p class="quiet">${meetingName(meeting, t)}, ${formatTime(result.at, meeting.timeZone, language)}</p>
      <p>${t(isNew ? 'personal-code.again' : 'personal-code.register')}</p>
      ${
        (isNew || kind === 'unpaired') &&
        form(
          code,
          { course: result.courseId, 'take-back': result.checkInId },
          html`<button class="second">${t('personal-code.undo')}</button>`,
        )
      }
    </div>`,
  });
}

export function undonePage(kind: TakenBack['kind'], { t, language }: Voice): Response {
  const title = t(`personal-code.${kind}`);
  return lightPage({
    language,
    title,
    status: kind === 'too-late' ? 409 : 200,
    mood: kind === 'too-late' ? 'problem' : 'plain',
    body: html`<div class="card">
      ${kind === 'too-late' ? stopMark : tickMark}
      <h1>${title}</h1>
      <p>${t(kind === 'too-late' ? 'personal-code.register' : 'personal-code.again')}</p>
    </div>`,
  });
}

export function refusedPage(
  kind: Exclude<HelpResult['kind'], Kept['kind']>,
  { t, language }: Voice,
): Response {
  const title = t('personal-code.refused');
  return lightPage({
    language,
    title,
    status: 409,
    mood: 'problem',
    body: html`<div class="card">
      ${stopMark}
      <h1>${title}</h1>
      <p>${t(`help.refused.${kind}`)}</p>
    </div>`,
  });
}

function form(code: string, fields: Record<string, string>, body: Html): Html {
  return html`<form method="post" action="/h/${code}">${hiddenFields(fields)} ${body}</form>`;
}
