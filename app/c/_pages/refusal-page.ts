import type { CheckInResult, ConfirmedCheckIn } from '#lib/check-in/confirm-scan.ts';
import { html, lightPage } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import { stopMark } from '#lib/http/page-mark.ts';
import { formatAge } from '#lib/i18n/format.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { heading } from './phone-page.ts';

type Refusal = Exclude<CheckInResult['kind'], ConfirmedCheckIn['kind'] | 'someone-else'>;

/** RFC 9110 § 15.5: gone for what was right once, in conflict for now, forbidden for what is not this person's. */
const statusOf: Record<Refusal, number> = {
  'code-too-old': 410,
  'code-unknown': 404,
  closed: 410,
  'meeting-over': 410,
  'not-open-yet': 409,
  'not-a-member': 403,
  'not-a-student': 403,
  'test-user': 403,
  'ticket-expired': 410,
  'ticket-used': 409,
  'too-many-attempts': 429,
};

/** Where another code would help, the way to type one. */
const tryTyping: readonly Refusal[] = ['code-too-old', 'code-unknown'];

export function isRefusal(kind: string): kind is Refusal {
  return Object.hasOwn(statusOf, kind);
}

/** Why this scan checks nobody in, and what to do: each reason has its own page. */
export function refusalPage(
  kind: Refusal,
  { t, language }: Voice,
  { ageSeconds, moreTime }: { ageSeconds?: number; moreTime?: Html | undefined } = {},
): Response {
  const title = titleOf(kind, t, ageSeconds);
  return lightPage({
    language,
    title,
    status: statusOf[kind],
    mood: 'problem',
    body: html`<div class="card">
      ${stopMark} ${heading(title)}
      <p>${t(`phone.refused.${kind}.todo`)}</p>
      ${
        tryTyping.includes(kind) &&
        html`<p><a class="button second" href="/c">${t('phone.code.instead')}</a></p>`
      }
      ${moreTime}
    </div>`,
  });
}

function titleOf(kind: Refusal, t: Voice['t'], ageSeconds: number | undefined): string {
  if (kind !== 'code-too-old') return t(`phone.refused.${kind}.title`);
  if (ageSeconds === undefined) return t('phone.refused.code-too-old.plain');
  return t('phone.refused.code-too-old.title', { age: formatAge(ageSeconds, t) });
}
