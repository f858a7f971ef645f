'use client';

import { Ban, ExternalLink, Pencil, UserRoundCheck } from 'lucide-react';
import Link from 'next/link';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { formatDay, formatMinutes, formatTimeRange, meetingName } from '#lib/i18n/format.ts';

export function MeetingHead({
  courseId,
  meeting,
  mayMark,
}: {
  courseId: string;
  meeting: RegisterView['meeting'];
  mayMark: boolean;
}) {
  const t = useTranslate();
  const { startsAt, endsAt, timeZone, room, breakMinutes, breaks, kind, onlineUrl, onlinePlatform } = meeting;
  const range = (from: string, to: string) =>
    formatTimeRange(new Date(from), new Date(to), timeZone, t.language);
  const pauses = [
    ...(breakMinutes === 0 ? [] : [t('register.break', { duration: formatMinutes(breakMinutes) })]),
    ...breaks.map(({ from, to }) => t('register.break.times', { times: range(from, to) })),
  ];
  const facts = [
    formatDay(new Date(startsAt), timeZone, t.language, { year: true }),
    range(startsAt, endsAt),
    ...(kind === 'regular' ? [] : [t(`meeting.kind.${kind}`)]),
    ...(room === null ? [] : [room]),
    ...pauses,
    ...(meeting.isMandatory ? [] : [t('register.not-mandatory')]),
  ];
  return (
    <header className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="text-xl font-semibold">
            <bdi>{meetingName(meeting, t)}</bdi>
          </h1>
          <p className="mt-1 text-quiet">{facts.join(' · ')}</p>
          {onlineUrl !== null && (
            <p className="mt-1">
              <a
                href={onlineUrl}
                target="_blank"
                rel="noopener noreferrer"
                className="inline-flex items-center gap-1.5 text-brand underline"
              >
                <ExternalLink aria-hidden className="size-4 shrink-0" />
                {onlinePlatform === null
                  ? t('register.online.open')
                  : t('register.online.open-on', { platform: onlinePlatform })}
              </a>
            </p>
          )}
          {meeting.description !== null && (
            <p dir="auto" className="mt-2 max-w-prose whitespace-pre-wrap">
              {meeting.description}
            </p>
          )}
        </div>
        {mayMark && (
          <div className="flex flex-wrap">
            {meeting.state === 'planned' && (
              // A page that is loaded anew: its policy lets it run the code reader, which others may not.
              <a
                href={`/courses/${courseId}/meetings/${meeting.id}/by-hand`}
                className={buttonStyle({ kind: 'quiet' })}
              >
                <UserRoundCheck aria-hidden className="size-4" />
                {t('help.open')}
              </a>
            )}
            <Link
              href={`/courses/${courseId}/meetings/${meeting.id}/edit`}
              className={buttonStyle({ kind: 'quiet' })}
            >
              <Pencil aria-hidden className="size-4" />
              {t('register.edit')}
            </Link>
          </div>
        )}
      </div>
      {meeting.state === 'cancelled' && (
        <div className="flex items-start gap-3 rounded-md border border-late bg-warning-soft p-4">
          <Ban aria-hidden className="size-6 shrink-0 text-late" />
          <div>
            <p className="font-semibold">{t('register.cancelled.title')}</p>
            <p className="text-sm">{t('register.cancelled.lead')}</p>
          </div>
        </div>
      )}
    </header>
  );
}
