import Link from 'next/link';
import type { MemberAttendance, MemberMeeting } from '#lib/attendance/load-member-attendance.ts';
import { tenthsOfPercent } from '#lib/attendance/rules.ts';
import { formatMinutes, formatRate, isolated, meetingName } from '#lib/i18n/format.ts';
import { StatusLabel } from '../../../../../_components/status.tsx';
import { When } from '../../../_components/when.tsx';
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
          <table className="mt-2 w-full border-collapse text-left">
            <thead>
              <tr className="border-b border-edge text-sm text-quiet">
                <th scope="col" className="py-1.5 pr-3 font-normal">
                  {t('members.figures.meeting')}
                </th>
                <th scope="col" className="py-1.5 text-right font-normal sm:pr-3 sm:text-left">
                  {t('members.figures.status')}
                </th>
                <th scope="col" className="hidden py-1.5 text-right font-normal sm:table-cell">
                  {t('members.figures.counts')}
                </th>
              </tr>
            </thead>
            <tbody>
              {held.map((one) => (
                <MeetingRow
                  key={one.meeting.id}
                  {...{ courseId, one, clock }}
                  replacedBy={meetings.find(({ meeting }) => meeting.id === one.counted?.replacedBy)}
                />
              ))}
            </tbody>
          </table>
        </details>
      )}
    </>
  );
}

function MeetingRow({
  courseId,
  one: { meeting, record, counted },
  replacedBy,
  clock: { t, now },
}: {
  courseId: string;
  one: MemberMeeting;
  replacedBy: MemberMeeting | undefined;
  clock: Clock;
}) {
  const status = record?.status ?? 'untaken';
  const counts = (
    <>
      {counted === null ? (
        t('members.figures.not-taken')
      ) : counted.isExempt ? (
        t('members.figures.exempt')
      ) : (
        <span className="whitespace-nowrap">
          {t('members.figures.minutes', {
            counted: formatMinutes(counted.countedMinutes),
            expected: formatMinutes(counted.expectedMinutes),
          })}
        </span>
      )}
      {replacedBy !== undefined && (
        <span className="block text-sm text-quiet">
          {t('members.figures.replaced', { meeting: isolated(meetingName(replacedBy.meeting, t)) })}
        </span>
      )}
    </>
  );
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="py-2 pr-3 font-normal [overflow-wrap:anywhere]">
        <Link
          href={`/courses/${courseId}/meetings/${meeting.id}`}
          prefetch={false}
          className="hover:underline"
        >
          <bdi>{meetingName(meeting, t)}</bdi>
        </Link>
        <When meeting={meeting} thisYear={now.toISOString().slice(0, 4)} language={t.language} />
      </th>
      <td className="py-2 text-right sm:pr-3 sm:text-left">
        <span className="whitespace-nowrap">
          <StatusLabel status={status} word={t(`status.${status}`)} />
        </span>
        {record?.isOpen === true && (
          <span className="block text-sm text-late">{t('members.figures.no-check-out')}</span>
        )}
        {/* On a phone two columns have the room that words need. */}
        <span className="mt-1 block min-w-36 text-sm tabular-nums sm:hidden">{counts}</span>
      </td>
      <td className="hidden py-2 text-right tabular-nums sm:table-cell">{counts}</td>
    </tr>
  );
}
