import { notFound } from 'next/navigation';
import type { Metadata } from 'next';
import { loadSheet } from '#lib/check-in-windows/load-sheet.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { formatDay, formatTimeRange, meetingName } from '#lib/i18n/format.ts';
import { QrPicture } from '../../../../../../../_components/qr-picture.tsx';
import { Paper } from '../../_components/paper.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]/print/sheet/[direction]'>;

async function load({ params }: Props) {
  const { courseId, meetingId, direction: given } = await params;
  const direction = (['in', 'out'] as const).find((one) => one === given) ?? notFound();
  return { direction, ...(await loadPage((ctx) => loadSheet(ctx, { courseId, meetingId, direction }))) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { view, t } = await load(props);
  return { title: { absolute: t('sheet.title', { meeting: meetingName(view.meeting, t) }) } };
}

/** One page to hang up: the code that stays the same, what to type instead, and when it is good. */
export default async function SheetPage(props: Props) {
  const { direction, view, t, language } = await load(props);
  const { meeting, course, sheet } = view;
  if (sheet === undefined) {
    return (
      <main className="mx-auto max-w-xl p-6">
        <h1 className="text-xl font-semibold">{t('sheet.none.title')}</h1>
        <p className="mt-2">{t('sheet.none.lead')}</p>
      </main>
    );
  }
  const { opensAt, closesAt, code, typed, publicUrl } = sheet;
  return (
    <Paper printWord={t('sheet.print')}>
      <div className="flex flex-col items-center gap-5 text-center">
        <h1 className="text-[28pt] leading-tight font-bold">{t(`sheet.scan.${direction}`)}</h1>
        <p className="text-[16pt] leading-snug text-balance">
          <bdi className="font-semibold">{meetingName(meeting, t)}</bdi> · {course.title}
          <br />
          {[
            formatDay(meeting.startsAt, meeting.timeZone, language, { year: true }),
            formatTimeRange(meeting.startsAt, meeting.endsAt, meeting.timeZone, language),
            ...(meeting.room === null ? [] : [meeting.room]),
          ].join(' · ')}
        </p>
        <QrPicture
          url={`${publicUrl}/c/${code}`}
          label={t(`sheet.scan.${direction}`)}
          className="size-[14cm] max-w-full"
        />
        <p className="text-[14pt] leading-snug">
          {t('sheet.type')}
          <br />
          <span className="font-semibold [overflow-wrap:anywhere]">
            {publicUrl.replace(/^https?:\/\//, '')}/c
          </span>
        </p>
        <p data-testid="typed-code" className="font-mono text-[40pt] leading-none font-bold slashed-zero">
          {typed}
        </p>
        <p className="text-[14pt]">
          {t('sheet.valid', {
            day: formatDay(opensAt, meeting.timeZone, language, { year: true }),
            times: formatTimeRange(opensAt, closesAt, meeting.timeZone, language),
          })}
        </p>
      </div>
    </Paper>
  );
}
