import type { Metadata } from 'next';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { formatDay, formatTimeRange, meetingName } from '#lib/i18n/format.ts';
import { Paper } from '../_components/paper.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]/print/desk'>;

async function load({ params }: Props) {
  const { courseId, meetingId } = await params;
  return loadPage((ctx) => loadRegister(ctx, { courseId, meetingId }));
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { view, t } = await load(props);
  return { title: { absolute: t('desk.title', { meeting: meetingName(view.meeting, t) }) } };
}

/** The names on paper, to be ticked and signed: for whoever has no phone, or when the network is away. */
export default async function DeskPage(props: Props) {
  const { view, t, language } = await load(props);
  const { meeting } = view;
  const [from, to] = [new Date(meeting.startsAt), new Date(meeting.endsAt)];
  const rows = view.rows.filter(({ isExpected }) => isExpected);
  const showsSections = rows.some(({ sections }) => sections.length > 0);
  const cell = 'border border-[#666] px-2';
  const name = meetingName(meeting, t);
  const facts = [
    formatDay(from, meeting.timeZone, language, { year: true }),
    formatTimeRange(from, to, meeting.timeZone, language),
    ...(meeting.room === null ? [] : [meeting.room]),
    t('desk.count', { count: rows.length }),
  ].join(' · ');
  return (
    <Paper printWord={t('sheet.print')} isList>
      <div className={rows.length === 0 ? undefined : 'print:hidden'}>
        <h1 className="text-xl font-semibold">{name}</h1>
        <p className="mb-4">{facts}</p>
      </div>
      {rows.length === 0 ? (
        <p>{t('desk.none')}</p>
      ) : (
        <table className="w-full border-collapse text-left">
          {/* Printed again at the head of every page, with the meeting: signed pages come apart. */}
          <thead>
            <tr className="hidden print:table-row">
              <td colSpan={showsSections ? 5 : 4} className="pb-2">
                <span className="block text-xl font-semibold">{name}</span>
                {facts}
              </td>
            </tr>
            <tr>
              <th scope="col" className={`${cell} w-10 text-right font-semibold`}>
                #
              </th>
              <th scope="col" className={`${cell} font-semibold`}>
                {t('desk.name')}
              </th>
              {showsSections && (
                <th scope="col" className={`${cell} font-semibold`}>
                  {t('desk.section')}
                </th>
              )}
              <th scope="col" className={`${cell} w-14 text-center font-semibold`}>
                {t('desk.there')}
              </th>
              <th scope="col" className={`${cell} w-1/3 font-semibold`}>
                {t('desk.signature')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ membershipId, name, sections }, index) => (
              <tr key={membershipId} className="h-9 break-inside-avoid">
                <td className={`${cell} text-right tabular-nums`}>{index + 1}</td>
                <th scope="row" className={`${cell} font-normal`}>
                  <bdi>{name}</bdi>
                </th>
                {showsSections && <td className={`${cell} text-sm`}>{sections.join(', ')}</td>}
                <td className={`${cell} text-center`}>
                  <span aria-hidden className="inline-block size-4 border border-[#000] align-middle" />
                </td>
                <td className={cell} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Paper>
  );
}
