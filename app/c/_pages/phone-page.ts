import { html } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import { pageMark } from '#lib/http/page-mark.ts';
import { formatDay, formatTimeRange } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { MeetingOfWindow } from '#lib/check-in/confirm-scan.ts';

export const clockMark = pageMark('M12 4v8l5 3');
export const signInMark = pageMark('M4 12h10M10 8l4 4-4 4M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4');

/** The page's one heading. "Check-in" and "check-out" are one word each: they are not broken at their hyphen. */
export function heading(title: string): Html {
  const words = title.split(/(check-(?:in|out))/i);
  return html`<h1>
    ${words.map((word, index) => (index % 2 === 1 ? html`<span class="whole">${word}</span>` : word))}
  </h1>`;
}

/** `Sat, 28 Nov, 09:00–12:45`, in the meeting's zone. */
export function meetingTimes(meeting: MeetingOfWindow, language: Language): string {
  const { startsAt, endsAt, timeZone } = meeting;
  return `${formatDay(startsAt, timeZone, language)}, ${formatTimeRange(startsAt, endsAt, timeZone, language)}`;
}

/** A ticket as a form carries it. */
export function ticketField(ticket: string): Html {
  return html`<input type="hidden" name="ticket" value="${ticket}" />`;
}
