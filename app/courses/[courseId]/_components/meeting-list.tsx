import { Pencil } from 'lucide-react';
import Link from 'next/link';
import { meetingName } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import type { MeetingsView } from '#lib/meetings/load-meetings.ts';
import { groupByWeek } from '#lib/meetings/rules.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { AttendedLine } from './attended-line.tsx';
import { When } from './when.tsx';
import { weekName } from './week-name.ts';
import { Where } from './where.tsx';

interface Props {
  courseId: string;
  meetings: MeetingsView['coming'];
  /** The course's date. */
  today: string;
  now: Date;
  mayChange: boolean;
  t: Translate;
  language: Language;
}

/** Meetings by week, one line each; the whole line leads to the register. */
export function MeetingList({ meetings, today, ...line }: Props) {
  const { t } = line;
  return groupByWeek(meetings).map((week) => (
    <section key={week.monday} aria-label={weekName(week.monday, today, t)} className="mt-4">
      <h3 className="text-sm font-semibold text-quiet">{weekName(week.monday, today, t)}</h3>
      <ul className="mt-1 border-t border-line">
        {week.meetings.map((meeting) => (
          <MeetingLine key={meeting.id} meeting={meeting} today={today} {...line} />
        ))}
      </ul>
    </section>
  ));
}

function MeetingLine({
  courseId,
  meeting,
  today,
  now,
  mayChange,
  t,
  language,
}: Omit<Props, 'meetings'> & { meeting: Props['meetings'][number] }) {
  const isCancelled = meeting.state === 'cancelled';
  const name = meetingName(meeting, t);
  const register = `/courses/${courseId}/meetings/${meeting.id}`;
  return (
    <li className="relative grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-line px-2 py-2.5 hover:bg-sunken sm:grid-cols-[8rem_minmax(0,1fr)_10rem_auto] md:grid-cols-[14.25rem_minmax(0,1fr)_11.5rem_auto]">
      <When meeting={meeting} thisYear={today.slice(0, 4)} language={language} />
      <p className="col-start-1 flex min-w-0 flex-wrap items-baseline gap-x-3 sm:col-start-2">
        <Link
          href={register}
          className={`inline-block py-0.5 font-medium after:absolute after:inset-0 ${isCancelled ? 'text-quiet line-through' : ''}`}
        >
          {name}
        </Link>
        {isCancelled && <span className="text-danger">{t('home.cancelled')}</span>}
        {meeting.kind !== 'regular' && (
          <span className="text-quiet">{t(`meeting.kind.${meeting.kind}`)}</span>
        )}
        {!meeting.isMandatory && <span className="text-quiet">{t('home.optional')}</span>}
        {!isCancelled && <Where meeting={meeting} t={t} />}
      </p>
      {!isCancelled && (meeting.isTaken || meeting.endsAt <= now) && (
        <div className="col-start-1 sm:col-start-3">
          {meeting.isTaken ? (
            <AttendedLine meeting={meeting} reviewHref={mayChange ? `${register}/review` : undefined} t={t} />
          ) : (
            <span className="text-sm text-quiet">{t('home.untaken')}</span>
          )}
        </div>
      )}
      {mayChange && (
        <Link
          href={`${register}/edit`}
          aria-label={t('home.edit', { meeting: name })}
          className={`${buttonStyle({ kind: 'quiet', size: 'small' })} relative col-start-2 row-span-3 row-start-1 sm:col-start-4 sm:row-span-1`}
        >
          <Pencil aria-hidden className="size-4" />
        </Link>
      )}
    </li>
  );
}
