'use client';

import { Pencil } from 'lucide-react';
import Link from 'next/link';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { formatDay, formatMinutes, formatTimeRange, meetingName } from '#lib/i18n/format.ts';

export function MeetingHead({ courseId, meeting }: { courseId: string; meeting: RegisterView['meeting'] }) {
  const t = useTranslate();
  const { startsAt, endsAt, timeZone, room, breakMinutes } = meeting;
  const facts = [
    formatDay(new Date(startsAt), timeZone, t.language, { year: true }),
    formatTimeRange(new Date(startsAt), new Date(endsAt), timeZone, t.language),
    ...(room === null ? [] : [room]),
    ...(breakMinutes === 0 ? [] : [t('register.break', { duration: formatMinutes(breakMinutes) })]),
  ];
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="text-xl font-semibold">{meetingName(meeting, t)}</h1>
        <p className="mt-1 text-quiet">{facts.join(' · ')}</p>
      </div>
      <Link
        href={`/courses/${courseId}/meetings/${meeting.id}/edit`}
        className={buttonStyle({ kind: 'quiet' })}
      >
        <Pencil aria-hidden className="size-4" />
        {t('register.edit')}
      </Link>
    </header>
  );
}
