import { Pencil, Play, QrCode, RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { formatDay, formatTime, formatTimeRange, meetingName } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { MessageKey, Translate } from '#lib/i18n/translate.ts';
import type { MeetingsView } from '#lib/meetings/load-meetings.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { OpenInNewWindow } from '../../../_components/open-in-new-window.tsx';
import { AttendedLine } from './attended-line.tsx';
import { Where } from './where.tsx';

type Meeting = NonNullable<MeetingsView['ofMoment']>;

/** The meeting that a teacher who opens the tool now means, with the one button for it. */
export function MeetingOfMoment({
  courseId,
  meeting,
  mayChange,
  checkOutRequired,
  now,
  t,
  language,
}: {
  courseId: string;
  meeting: Meeting;
  mayChange: boolean;
  checkOutRequired: boolean;
  now: Date;
  t: Translate;
  language: Language;
}) {
  const { startsAt, endsAt, timeZone, open } = meeting;
  const time = (at: Date) => formatTime(at, timeZone, language);
  const isOpen = open !== null;
  // Nobody comes to a meeting that is over; where going counts, it can still be measured.
  const direction = open?.direction ?? (endsAt > now ? 'in' : checkOutRequired ? 'out' : undefined);
  const name = meetingName(meeting, t);
  const register = `/courses/${courseId}/meetings/${meeting.id}`;
  const hasRecords = Object.keys(meeting.counts).length > 0;
  const state = isOpen
    ? t(`home.open-until.${open.direction}`, { time: time(open.until) })
    : startsAt > now
      ? t('home.soon', { time: time(startsAt) })
      : endsAt > now
        ? t('home.now')
        : t('home.just-over', { time: time(endsAt) });

  return (
    <section
      aria-labelledby="of-moment"
      className={`flex flex-wrap items-center justify-between gap-x-8 gap-y-5 rounded-md border p-5 sm:p-6 ${
        isOpen ? 'border-present bg-present-soft' : 'border-line bg-sunken'
      }`}
    >
      <div className="min-w-0 flex-1 basis-72">
        <p className={`text-sm font-semibold ${isOpen ? 'text-present' : 'text-brand'}`}>{state}</p>
        <h2 id="of-moment" className="mt-0.5 text-2xl font-semibold">
          {name}
        </h2>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 tabular-nums">
          <span>{formatDay(startsAt, timeZone, language)}</span>
          <span>{formatTimeRange(startsAt, endsAt, timeZone, language)}</span>
          {meeting.kind !== 'regular' && <span>{t(`meeting.kind.${meeting.kind}`)}</span>}
          <Where meeting={meeting} t={t} />
          {mayChange && (
            <Link
              href={`${register}/edit`}
              aria-label={t('home.edit', { meeting: name })}
              className={`${buttonStyle({ kind: 'quiet', size: 'small' })} -my-1`}
            >
              <Pencil aria-hidden className="size-4" />
            </Link>
          )}
        </p>
        {(isOpen || hasRecords) && (
          <div className="mt-3 max-w-80">
            <AttendedLine meeting={meeting} reviewHref={mayChange ? `${register}/review` : undefined} t={t} />
          </div>
        )}
      </div>
      <div className="flex flex-wrap gap-3 max-sm:w-full max-sm:flex-col">
        {mayChange && direction !== undefined && (
          <OpenInNewWindow
            action={`/courses/${courseId}/check-in`}
            fields={{ meetingId: meeting.id, direction }}
            blockedText={t('window.blocked')}
          >
            <button
              type="submit"
              className={`${buttonStyle({ kind: 'primary', size: 'large' })} max-sm:w-full`}
            >
              {isOpen ? (
                <QrCode aria-hidden className="size-5" />
              ) : hasRecords ? (
                <RotateCcw aria-hidden className="size-5" />
              ) : (
                <Play aria-hidden className="size-5" />
              )}
              {t(
                isOpen
                  ? 'home.show-code'
                  : direction === 'out'
                    ? 'register.check-out.start'
                    : hasRecords
                      ? 'home.start-again'
                      : 'home.start',
              )}
            </button>
          </OpenInNewWindow>
        )}
        <Link href={register} className={buttonStyle({ kind: 'second', size: 'large' })}>
          {t('home.register')}
        </Link>
      </div>
    </section>
  );
}

/** No meeting now: a class can begin all the same. */
export function NothingNow({
  courseId,
  t,
  words: [title, lead],
}: {
  courseId: string;
  t: Translate;
  words: [title: MessageKey, lead: MessageKey];
}) {
  return (
    <section
      aria-labelledby="of-moment"
      className="flex flex-wrap items-center justify-between gap-x-8 gap-y-5 rounded-md border border-line bg-sunken p-5 sm:p-6"
    >
      <div className="min-w-0 flex-1 basis-72">
        <h2 id="of-moment" className="text-lg font-semibold">
          {t(title)}
        </h2>
        <p className="mt-1 max-w-prose text-quiet">{t(lead)}</p>
      </div>
      <div className="flex flex-wrap gap-3 max-sm:w-full max-sm:flex-col">
        <OpenInNewWindow action={`/courses/${courseId}/check-in`} blockedText={t('window.blocked')}>
          <button
            type="submit"
            className={`${buttonStyle({ kind: 'primary', size: 'large' })} max-sm:w-full`}
          >
            <Play aria-hidden className="size-5" />
            {t('home.start-now')}
          </button>
        </OpenInNewWindow>
      </div>
    </section>
  );
}
