import type { Metadata } from 'next';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { suggestNewMeeting } from '#lib/meetings/suggest-new-meeting.ts';
import { MeetingForm } from '../../_components/meeting-form.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('form.new.title') };
}

export default async function NewMeetingPage({ params }: Props) {
  const { courseId } = await params;
  const { view, t } = await loadPage((ctx) => suggestNewMeeting(ctx, courseId));
  const { suggestion, timeZone } = view;
  return (
    <main>
      <h1 className="pt-5 pb-4 text-xl font-semibold">{t('form.new.title')}</h1>
      <MeetingForm
        courseId={courseId}
        timeZone={timeZone}
        initial={{ ...suggestion, title: '', room: suggestion.room ?? '' }}
        doneHref={`/courses/${courseId}`}
      />
    </main>
  );
}
