import { env } from '#lib/base/env.ts';
import type { LoadedScan } from '#lib/check-in/load-scan.ts';
import { finishPath } from '#lib/http/finish-scan.ts';
import { html, lightPage } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import { formatTime, meetingName } from '#lib/i18n/format.ts';
import { directLaunchUrl } from '#lib/launches/direct-launch-url.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { distanceQuestion } from './distance-question.ts';
import { clockMark, heading, meetingTimes, signInMark, ticketField } from './phone-page.ts';
import { refusalPage } from './refusal-page.ts';

type ScanOf<Kind extends LoadedScan['kind']> = Extract<LoadedScan, { kind: Kind }>;

/** What a scan leads to: one tap, a sign-in, a little patience, or why it cannot be taken. */
export function scanPage(
  scan: LoadedScan,
  voice: Voice,
  options: { headers?: [string, string][]; changed?: boolean } = {},
): Response {
  switch (scan.kind) {
    case 'confirm':
      return confirmPage(scan, voice, options);
    case 'sign-in':
      return signInPage(scan, voice, options.headers);
    case 'waiting':
      return waitingPage(finishPath(scan.ticket), voice, options.headers);
    case 'ticket-expired':
      return refusalPage(scan.kind, voice);
    default:
      return refusalPage(scan.kind, voice, {
        ...(scan.kind === 'code-too-old' && { ageSeconds: scan.ageSeconds }),
        moreTime: scan.withMoreTime && moreTimeLink(scan.withMoreTime, voice),
      });
  }
}

function confirmPage(
  scan: ScanOf<'confirm'>,
  { t, language }: Voice,
  { headers, changed }: { headers?: [string, string][]; changed?: boolean },
): Response {
  const title = t(`phone.confirm.title.${scan.direction}`, { meeting: meetingName(scan.meeting, t) });
  const name = scan.personName ?? t('phone.confirm.nameless');
  const { question, positionScript } = distanceQuestion(scan.policy, { t });
  return lightPage({
    positionScript,
    language,
    title,
    headers,
    body: html`<div class="card">
        ${heading(title)}
        <p class="quiet">${meetingTimes(scan.meeting, language)}</p>
        ${changed === true && html`<p role="alert">${t('phone.confirm.changed')}</p>`}
        <p class="who">${t('phone.confirm.as', { name })}</p>
        <form method="post" action="/c/confirm">
          ${ticketField(scan.ticket)}<input type="hidden" name="member" value="${scan.membershipId}" />
          ${question}
          <button>${t(`phone.confirm.go.${scan.direction}`)}</button>
        </form>
      </div>
      <form class="foot" method="post" action="/c/forget">
        ${ticketField(scan.ticket)}
        <button class="link">${t('phone.confirm.not-you')}</button>
      </form>`,
  });
}

/** The platform's own sign-in, which brings the scan back; null where it has no address that we know. */
function signInUrl(scan: ScanOf<'sign-in'>): string | null {
  return directLaunchUrl({ ...scan.platform, target: env().PUBLIC_URL + finishPath(scan.ticket) });
}

/** For whoever has been given more time: nobody is known yet, so they sign in, and it is judged then. */
function moreTimeLink(scan: ScanOf<'sign-in'>, { t }: Voice): Html | undefined {
  const signIn = signInUrl(scan);
  if (signIn === null) return undefined;
  return html`<p>
    <small>${t('phone.more-time.lead')} <a href="${signIn}">${t('phone.more-time.go')}</a></small>
  </p>`;
}

function signInPage(scan: ScanOf<'sign-in'>, { t, language }: Voice, headers?: [string, string][]): Response {
  const signIn = signInUrl(scan);
  const times =
    scan.isProven &&
    html`<p class="quiet">${meetingName(scan.meeting, t)}<br />${meetingTimes(scan.meeting, language)}</p>`;
  const course = scan.courseTitle;
  if (signIn === null) {
    const title = t('phone.sign-in.manual.title');
    return lightPage({
      language,
      title,
      headers,
      body: html`<div class="card">
        ${signInMark} ${heading(title)} ${times}
        <p>
          ${scan.isProven ? t('phone.sign-in.manual.lead', { course }) : t('phone.sign-in.manual.lead.typed')}
        </p>
        <p><code class="big">${scan.typedCode}</code></p>
        <p><small>${t('phone.sign-in.manual.note')}</small></p>
      </div>`,
    });
  }
  const title = t('phone.sign-in.title');
  const time = formatTime(scan.at, scan.meeting.timeZone, language);
  return lightPage({
    language,
    title,
    headers,
    body: html`<div class="card">
      ${signInMark} ${heading(title)} ${times}
      <p>
        ${scan.isProven ? t('phone.sign-in.lead', { course, time }) : t('phone.sign-in.lead.typed', { time })}
      </p>
      <p><a class="button" href="${signIn}">${t(`phone.sign-in.go.${scan.direction}`)}</a></p>
    </div>`,
  });
}

/**
 * The database is away: the same again in a few seconds, by itself or by a tap.
 *
 * @param path of the kept scan, or of what came of it
 */
export function waitingPage(
  path: string,
  { t, language }: Voice,
  headers: [string, string][] = [],
): Response {
  const title = t('phone.waiting.title');
  return lightPage({
    language,
    title,
    status: 503,
    headers: [...headers, ['retry-after', '3']],
    // Not all phones at once: each waits a little differently.
    refresh: { seconds: 3 + (path.charCodeAt(path.length - 1) % 4), url: path },
    body: html`<div class="card">
      ${clockMark} ${heading(title)}
      <p>${t('phone.waiting.lead')}</p>
      <p><a class="button" href="${path}">${t('phone.waiting.go')}</a></p>
    </div>`,
  });
}
