import type { MemberAttendance } from '#lib/attendance/load-member-attendance.ts';
import { tenthsOfPercent } from '#lib/attendance/rules.ts';
import { formatMinutes, formatRate } from '#lib/i18n/format.ts';
import { CountedMeetings } from '../../../_components/counted-meetings.tsx';
import type { Clock } from '../../_components/format-when.ts';

/** A student's figures, which open to the meetings that they come from. */
export function Figures({
  courseId,
  attendance: { totals, meetings },
  clock,
}: {
  courseId: string;
  attendance: MemberAttendance;
  clock: Clock;
}) {
  const { t, now } = clock;
  const held = meetings
    .filter(({ meeting, record }) => record !== null || meeting.endsAt <= now)
    .toReversed();
  return (
    <>
      {totals.rate === null ? (
        <p className="text-quiet">{t('members.figures.none')}</p>
      ) : (
        <p className="flex flex-wrap items-baseline gap-x-4">
          <span className="text-2xl font-semibold tabular-nums">
            {t('members.figures.rate', {
              rate: formatRate(tenthsOfPercent(totals.rate), t.language, { whole: true }),
            })}
          </span>
          <span className="text-quiet tabular-nums">
            {t('members.figures.minutes', {
              counted: formatMinutes(totals.countedMinutes),
              expected: formatMinutes(totals.expectedMinutes),
            })}
            {', '}
            {t('members.figures.meetings', {
              ...{ attended: totals.attendedMeetings, expected: totals.expectedMeetings },
            })}
          </span>
        </p>
      )}
      {held.length > 0 && (
        <details className="mt-2">
          <summary className="cursor-pointer text-brand">{t('members.figures.open')}</summary>
          <CountedMeetings
            rows={held}
            among={meetings.map(({ meeting }) => meeting)}
            hrefOf={(meetingId) => `/courses/${courseId}/meetings/${meetingId}`}
            thisYear={now.toISOString().slice(0, 4)}
            t={t}
          />
        </details>
      )}
    </>
  );
}
