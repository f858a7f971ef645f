import Link from 'next/link';
import type { ReactNode } from 'react';
import type { MemberMeeting } from '#lib/attendance/member-meetings.ts';
import type { MeetingToCount } from '#lib/attendance/rules.ts';
import { formatMinutes, isolated, meetingName } from '#lib/i18n/format.ts';
import type { NamedMeeting } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { StatusLabel } from '../../../_components/status.tsx';
import { When } from './when.tsx';

interface ShownMeeting extends MeetingToCount, NamedMeeting {
  timeZone: string;
}

interface Shown {
  /** Where a meeting's name leads; none: nowhere. */
  hrefOf?: (meetingId: string) => string;
  /** Meetings that are not over, or not taken, count for nothing yet: what they have is told, and what stands already. */
  isAhead?: boolean;
  thisYear: string;
  t: Translate;
}

/** The meetings that a student's figures come from: status, and what each counts for. */
export function CountedMeetings({
  rows,
  among,
  ...shown
}: Shown & {
  rows: readonly MemberMeeting<ShownMeeting>[];
  /** Where a meeting is found that was attended in place of another. */
  among: readonly ShownMeeting[];
}) {
  const { t } = shown;
  return (
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
        {rows.map((one) => (
          <Row
            key={one.meeting.id}
            one={one}
            replacedBy={among.find(({ id }) => id === one.counted?.replacedBy)}
            {...shown}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  one: { meeting, record, counted },
  replacedBy,
  hrefOf,
  isAhead = false,
  thisYear,
  t,
}: Shown & { one: MemberMeeting<ShownMeeting>; replacedBy: ShownMeeting | undefined }) {
  const status = record?.status ?? 'untaken';
  const name = <bdi>{meetingName(meeting, t)}</bdi>;
  let amount: ReactNode;
  if (counted === null) amount = t('members.figures.not-taken');
  else if (counted.isExempt) amount = t('members.figures.exempt');
  else {
    const expected = formatMinutes(counted.expectedMinutes);
    const figures = { counted: formatMinutes(counted.countedMinutes), expected };
    amount = (
      <span className="whitespace-nowrap">{isAhead ? expected : t('members.figures.minutes', figures)}</span>
    );
  }
  const counts = (
    <>
      {amount}
      {replacedBy !== undefined && (
        <span className="block text-sm text-quiet">
          {t('members.figures.replaced', { meeting: isolated(meetingName(replacedBy, t)) })}
        </span>
      )}
    </>
  );
  return (
    <tr className="border-b border-line align-top">
      <th scope="row" className="py-2 pr-3 font-normal hyphens-auto [overflow-wrap:anywhere]">
        {hrefOf === undefined ? (
          name
        ) : (
          <Link href={hrefOf(meeting.id)} prefetch={false} className="hover:underline">
            {name}
          </Link>
        )}
        <When meeting={meeting} thisYear={thisYear} language={t.language} />
      </th>
      <td className="py-2 text-right sm:pr-3 sm:text-left">
        {(record !== null || !isAhead) && (
          <span className="whitespace-nowrap">
            <StatusLabel status={status} word={t(`status.${status}`)} />
          </span>
        )}
        {record?.isOpen === true && (
          <span className="block text-sm text-late">{t('members.figures.no-check-out')}</span>
        )}
        {/* On a phone two columns have the room that words need. */}
        <span className="block min-w-36 not-first:mt-1 text-sm tabular-nums sm:hidden">{counts}</span>
      </td>
      <td className="hidden py-2 text-right tabular-nums sm:table-cell">{counts}</td>
    </tr>
  );
}
