import Link from 'next/link';
import type { OwnMeeting } from '#lib/attendance/load-my-attendance.ts';
import { computeTeachingMinutes } from '#lib/attendance/rules.ts';
import type { ExcuseState } from '#lib/excuses/rules.ts';
import { formatMinutes, formatTime, formatTimeRange, isolated, meetingName } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { StatusLabel } from '../../../_components/status.tsx';
import { ExcuseStateLabel } from './excuse-state.tsx';
import { When } from './when.tsx';
import { Where } from './where.tsx';

export interface ExcuseOfMeeting {
  id: string;
  state: ExcuseState;
}

/** One meeting as it stands for a student: when, what was entered, how many minutes of it count. */
export function OwnMeetingLine({
  meeting,
  hint,
  excuse,
  isExcusable,
  excusesHref,
  now,
  thisYear,
  t,
  language,
}: {
  meeting: OwnMeeting;
  /** What else there is to know of how it counts. */
  hint: string | undefined;
  /** The last one that was handed in for it. */
  excuse: ExcuseOfMeeting | undefined;
  /** There is something to excuse. */
  isExcusable: boolean;
  /** The page of the student's own excuses. */
  excusesHref: string;
  now: Date;
  thisYear: string;
  t: Translate;
  language: Language;
}) {
  const { startsAt, endsAt, record } = meeting;
  const isCancelled = meeting.state === 'cancelled';
  const isRunning = !isCancelled && startsAt <= now && now < endsAt;
  const isOver = !isCancelled && endsAt <= now;
  const times = isCancelled ? '' : tellTimes(meeting, isOver, t);
  // Each link of the list bears a name of its own for those who hear it.
  const spokenName = (
    <span className="sr-only"> {t('mine.excuse.of', { meeting: isolated(meetingName(meeting, t)) })}</span>
  );
  return (
    <li
      // A link to this meeting, placed among the course's contents, leads here.
      id={meeting.id}
      className="target:bg-brand-soft grid items-center gap-x-4 gap-y-1 border-b border-line px-2 py-3 sm:grid-cols-[8rem_minmax(0,1fr)_auto] md:grid-cols-[14.25rem_minmax(0,1fr)_auto]"
    >
      <When meeting={meeting} thisYear={thisYear} language={language} />
      <p className="flex min-w-0 flex-wrap items-baseline gap-x-3">
        <span className={isCancelled ? 'text-quiet line-through' : 'font-medium'}>
          {meetingName(meeting, t)}
        </span>
        {isCancelled && <span className="text-danger">{t('home.cancelled')}</span>}
        {!meeting.isMandatory && <span className="text-quiet">{t('home.optional')}</span>}
        {!isCancelled && <Where meeting={meeting} t={t} />}
        {isRunning && (
          <span className="rounded-full bg-brand-soft px-2 py-0.5 text-sm font-medium text-brand">
            {t('mine.running')}
          </span>
        )}
      </p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 sm:flex-col sm:items-end">
        {record !== null ? (
          <StatusLabel status={record.status} word={t(`status.${record.status}`)} />
        ) : (
          isOver && <StatusLabel status="untaken" word={t('status.untaken')} />
        )}
        {isOver && record !== null && record.status !== 'excused' && (
          <span className="text-sm text-quiet tabular-nums">
            {t('mine.minutes', {
              minutes: formatMinutes(record.provenMinutes),
              total: formatMinutes(computeTeachingMinutes(meeting)),
            })}
          </span>
        )}
        {times !== '' && <span className="text-sm text-quiet tabular-nums">{times}</span>}
      </div>
      {record?.isOpen === true && !isCancelled && (
        <p className="text-sm text-late sm:col-span-3">
          {t(isOver ? 'mine.open.missing' : 'mine.open.to-come')}
        </p>
      )}
      {hint !== undefined && <p className="text-sm text-quiet sm:col-span-3">{hint}</p>}
      {typeof record?.note === 'string' && (
        <p className="text-sm text-quiet sm:col-span-3">{t('mine.note', { note: record.note })}</p>
      )}
      {!isCancelled && meeting.description !== null && (
        <p className="max-w-prose whitespace-pre-line text-sm text-quiet sm:col-span-3">
          {meeting.description}
        </p>
      )}
      {excuse !== undefined && (
        <p className="flex flex-wrap items-center gap-2 sm:col-span-3">
          <Link
            href={`${excusesHref}#${excuse.id}`}
            prefetch={false}
            className="inline-block py-0.5 text-brand underline"
          >
            {t('mine.excuse.handed-in')}
            {spokenName}
          </Link>
          <ExcuseStateLabel state={excuse.state} word={t(`excuse.state.${excuse.state}`)} />
        </p>
      )}
      {isExcusable && (excuse === undefined || excuse.state === 'declined') && (
        <p className="sm:col-span-3">
          <Link
            href={`${excusesHref}/new?meeting=${meeting.id}`}
            prefetch={false}
            className="inline-block py-0.5 text-brand underline"
          >
            {t('mine.excuse')}
            {spokenName}
          </Link>
        </p>
      )}
    </li>
  );
}

/** When they were seen: "09:04–10:30, 11:00–12:45". What has no end lasts until the meeting's, once that is over. */
function tellTimes({ record, endsAt, timeZone }: OwnMeeting, isOver: boolean, t: Translate): string {
  const spans = record?.spans ?? [];
  return spans
    .map(({ from, to }) => {
      const start = new Date(from);
      if (to !== null) return formatTimeRange(start, new Date(to), timeZone, t.language);
      return isOver && record?.isOpen === false && start < endsAt
        ? formatTimeRange(start, endsAt, timeZone, t.language)
        : t('mine.from', { time: formatTime(start, timeZone, t.language) });
    })
    .join(', ');
}
