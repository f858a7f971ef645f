import type { Metadata } from 'next';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { suggestNewMeeting } from '#lib/meetings/suggest-new-meeting.ts';
import { draftOf } from '../../_components/meeting-draft.ts';
import { MeetingForm } from '../../_components/meeting-form.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
  /** `copy`: the meeting to begin with. */
  searchParams: Promise<{ copy?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('form.new.title') };
}

export default async function NewMeetingPage({ params, searchParams }: Props) {
  const { courseId } = await params;
  const { copy } = await searchParams;
  const copyOf = typeof copy === 'string' ? copy : undefined;
  const { view, t } = await loadPage((ctx) => suggestNewMeeting(ctx, { courseId, copyOf }));
  return (
    <main>
      <h1 className="pt-5 pb-4 text-xl font-semibold">
        {t(copyOf === undefined ? 'form.new.title' : 'form.copy.title')}
      </h1>
      <MeetingForm
        courseId={courseId}
        timeZone={view.timeZone}
        sections={view.sections}
        initial={draftOf(view.suggestion)}
        doneHref={`/courses/${courseId}`}
      />
    </main>
  );
}
