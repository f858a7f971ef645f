import { Html, html } from '../base/markup.ts';
import { formatDay, formatRate, formatTimeRange, isolated, meetingName } from '../i18n/format.ts';
import type { Translate } from '../i18n/translate.ts';
import type { Letter, LetterMeeting } from './letter.ts';

export interface Addressing {
  /** What to call them; null: not known. */
  givenName: string | null;
  courseTitle: string;
  courseUrl: string;
  unsubscribeUrl: string;
}

/** So many meetings are listed; a longer list is for the screen. */
const mostListed = 8;

/** Puts a letter into words: a subject that others may read, plain text, and the same as simple HTML. */
export function writeMail(
  letter: Letter,
  { givenName, courseTitle, courseUrl, unsubscribeUrl }: Addressing,
  t: Translate,
): { subject: string; text: string; html: string } {
  const course = oneLine(courseTitle);
  const name = oneLine(givenName ?? '');
  const hello = name === '' ? t('mail.hello.nobody') : t('mail.hello', { name: apart(name) });
  const { subject, lead, list, close } = contentOf(letter, course, t);
  const why = [t('mail.why', { course }), t('mail.no-reply')].join(' ');
  const text = [
    hello,
    lead,
    ...(list.length === 0 ? [] : [list.map((line) => `- ${line}`).join('\n')]),
    `${t('mail.open')}: ${courseUrl}`,
    close,
    `-- \n${why}\n${t('mail.stop')} ${unsubscribeUrl}`,
  ].join('\n\n');
  const page = html`<!doctype html>
    <html lang="${t.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
      </head>
      <body style="${new Html(bodyStyle)}">
        <p>${hello}</p>
        <p>${lead}</p>
        ${
          list.length > 0 &&
          html`<ul>
            ${list.map((line) => html`<li>${line}</li>`)}
          </ul>`
        }
        <p><a href="${courseUrl}">${t('mail.open')}</a></p>
        <p>${close}</p>
        <hr />
        <p style="font-size:13px">${why}<br /><a href="${unsubscribeUrl}">${t('mail.stop.short')}</a></p>
      </body>
    </html>`;
  return { subject, text, html: page.markup };
}

const bodyStyle = 'font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:36em';

/** A name or title as one line: it stands in a subject, and nobody puts a heading of their own below it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** As `isolated`, where there is need: not every mail program keeps the marks that do it out of sight. */
function apart(text: string): string {
  return rightToLeft.test(text) ? isolated(text) : text;
}

interface Content {
  subject: string;
  lead: string;
  list: string[];
  close: string;
}

function contentOf(letter: Letter, course: string, t: Translate): Content {
  switch (letter.kind) {
    case 'excuse-decided':
      return {
        subject: t('mail.excuse-decided.subject', { course }),
        lead: t('mail.excuse-decided.lead', { course: apart(course) }),
        list: decisionsOf(letter, t),
        close: t('mail.excuse-decided.close'),
      };
    case 'excuses-received':
      return {
        subject: t('mail.excuses-received.subject', { course, count: letter.waiting }),
        lead: t('mail.excuses-received.lead', { course: apart(course), count: letter.waiting }),
        list: [],
        close: t('mail.excuses-received.close'),
      };
    case 'marked-absent':
      return {
        subject: t('mail.marked-absent.subject', { course }),
        lead: t('mail.marked-absent.lead', { course: apart(course) }),
        list: [meetingLine(letter.meeting, t)],
        close: t('mail.marked-absent.close'),
      };
    case 'rate-below':
      return {
        subject: t('mail.rate-below.subject', { course }),
        lead: t('mail.rate-below.lead', {
          course: apart(course),
          rate: formatRate(letter.rate, t.language),
          required: letter.requiredPercent,
        }),
        list: [],
        close: t('mail.rate-below.close'),
      };
  }
}

function decisionsOf(letter: Letter & { kind: 'excuse-decided' }, t: Translate): string[] {
  if (letter.meetings.length === 0) return [t(`mail.excuse-decided.${letter.decision}`)];
  const listed = letter.meetings.slice(0, mostListed).map((meeting) =>
    t('mail.excuse-decided.line', {
      meeting: meetingLine(meeting, t),
      decision: t(`mail.excuse-decided.${meeting.decision}`),
    }),
  );
  const more = letter.meetings.length - listed.length;
  return more === 0 ? listed : [...listed, t('mail.excuse-decided.more', { count: more })];
}

function meetingLine(meeting: LetterMeeting, t: Translate): string {
  const { startsAt, endsAt, timeZone } = meeting;
  return t('mail.meeting', {
    meeting: apart(oneLine(meetingName(meeting, t))),
    day: formatDay(startsAt, timeZone, t.language, { year: true }),
    time: formatTimeRange(startsAt, endsAt, timeZone, t.language),
  });
}
