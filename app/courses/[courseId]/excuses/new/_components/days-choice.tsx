'use client';

import { formatWeekday, meetingName } from '#lib/i18n/format.ts';
import type { ChoosableMeeting } from '#lib/excuses/load-excuse-form.ts';
import { DateField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { When } from '../../../_components/when.tsx';

/** A first and a last day, and what lies in them. */
export function DaysChoice({
  fromDay,
  toDay,
  onChange,
  meetings,
  thisYear,
  problem,
}: {
  fromDay: string;
  toDay: string;
  onChange: (days: { fromDay?: string; toDay?: string }) => void;
  /** Those that would be excused. */
  meetings: readonly ChoosableMeeting[];
  thisYear: string;
  problem: string | undefined;
}) {
  const t = useTranslate();
  const words = {
    open: t('form.open-calendar'),
    previous: t('form.previous-month'),
    next: t('form.next-month'),
  };
  const weekday = (day: string) => (day === '' ? undefined : formatWeekday(day, t.language));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <DateField
          name="fromDay"
          label={t('my-excuse.days.from')}
          hint={weekday(fromDay)}
          value={fromDay}
          onChange={(day) => {
            // One day is the usual: whoever names the first has named both until they say otherwise.
            onChange({ fromDay: day, ...((toDay === '' || toDay < day) && { toDay: day }) });
          }}
          problem={problem}
          words={words}
        />
        <DateField
          name="toDay"
          label={t('my-excuse.days.to')}
          hint={weekday(toDay)}
          value={toDay}
          onChange={(day) => {
            onChange({ toDay: day });
          }}
          words={words}
        />
      </div>
      <div role="status" className="mt-3">
        {fromDay !== '' && toDay !== '' && (
          <>
            <p className="font-medium">{t('my-excuse.days.meetings', { count: meetings.length })}</p>
            {meetings.length > 0 && (
              <ul className="mt-1 grid gap-1">
                {meetings.map((meeting) => (
                  <li key={meeting.id} className="flex flex-wrap gap-x-4">
                    <When meeting={meeting} thisYear={thisYear} language={t.language} />
                    <span>{meetingName(meeting, t)}</span>
                  </li>
                ))}
              </ul>
            )}
            <p className="mt-1 text-sm text-quiet">{t('my-excuse.days.hint')}</p>
          </>
        )}
      </div>
    </>
  );
}
