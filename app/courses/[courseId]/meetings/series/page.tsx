import type { Metadata } from 'next';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { suggestNewMeeting } from '#lib/meetings/suggest-new-meeting.ts';
import { draftOf } from '../../_components/meeting-draft.ts';
import { SeriesForm } from './_components/series-form.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('series.title') };
}

/** Meetings that repeat: what they say, on which days, and the dates to look at before saving. */
export default async function SeriesPage({ params }: Props) {
  const { courseId } = await params;
  const { view, t } = await loadPage((ctx) => suggestNewMeeting(ctx, { courseId }));
  return (
    <main>
      <h1 className="pt-5 text-xl font-semibold">{t('series.title')}</h1>
      <p className="max-w-prose pb-4 text-quiet">{t('series.lead')}</p>
      <SeriesForm
        courseId={courseId}
        timeZone={view.timeZone}
        sections={view.sections}
        initial={draftOf(view.suggestion)}
      />
    </main>
  );
}
