import { createHash } from 'node:crypto';
import { AppError } from '#lib/base/errors.ts';
import { env } from '#lib/base/env.ts';
import { loadCalendarFeed } from '#lib/calendars/load-calendar-feed.ts';
import type { CalendarFeedView } from '#lib/calendars/load-calendar-feed.ts';
import { writeCalendar } from '#lib/calendars/write-calendar.ts';
import { answering } from '#lib/http/answering.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { pickLanguage } from '#lib/i18n/languages.ts';
import { translatorFor } from '#lib/i18n/translator.ts';
import type { Translate } from '#lib/i18n/translator.ts';

/** `/calendar/<token>.ics`: a person's meetings for their calendar program, which signs in nowhere. */
export const GET = answering<{ params: Promise<{ token: string }> }>(async (request, { ctx }, { params }) => {
  const [, token] = /^([A-Za-z0-9_-]{43})\.ics$/.exec((await params).token) ?? [];
  if (token === undefined) throw new AppError('not-found');
  const feed = await loadCalendarFeed(ctx, token);
  const t = translatorFor(pickLanguage(feed.locale) ?? env().DEFAULT_LANGUAGE);
  const body = writeCalendar(t('calendar.feed.name'), entriesOf(feed, t));
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = {
    etag,
    'cache-control': 'private, no-cache',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
    'x-content-type-options': 'nosniff',
  };
  if (isKnown(request.headers.get('if-none-match'), etag)) {
    return new Response(null, { status: 304, headers });
  }
  return new Response(body, {
    headers: {
      ...headers,
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'inline; filename="attendance.ics"',
    },
  });
});

/** Whether a program has this very version. Balancers that compress make an ETag a weak one. */
function isKnown(given: string | null, etag: string): boolean {
  return (given ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function entriesOf({ meetings }: CalendarFeedView, t: Translate) {
  const { PUBLIC_URL } = env();
  const host = new URL(PUBLIC_URL).hostname;
  return meetings.map((meeting) => ({
    uid: `${meeting.id}@${host}`,
    sequence: meeting.revision,
    createdAt: meeting.createdAt,
    startsAt: meeting.startsAt,
    endsAt: meeting.endsAt,
    isCancelled: meeting.state === 'cancelled',
    summary: t(meeting.state === 'cancelled' ? 'calendar.feed.cancelled' : 'calendar.feed.summary', {
      meeting: meetingName(meeting, t),
      course: meeting.courseTitle,
    }),
    location: meeting.room ?? meeting.onlineUrl,
    description: [meeting.description, meeting.onlinePlatform, meeting.onlineUrl]
      .filter((part) => part !== null)
      .join('\n'),
    url: `${PUBLIC_URL}/courses/${meeting.courseId}`,
  }));
}
