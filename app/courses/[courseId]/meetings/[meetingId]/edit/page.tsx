import type { Metadata } from 'next';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';
import { draftOf } from '../../../_components/meeting-draft.ts';
import { MeetingForm } from '../../../_components/meeting-form.tsx';

interface Props {
  params: Promise<{ courseId: string; meetingId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('form.edit.title') };
}

export default async function EditMeetingPage({ params }: Props) {
  const { courseId, meetingId } = await params;
  const { view, t } = await loadPage((ctx) => loadMeeting(ctx, { courseId, meetingId }));
  const { meeting } = view;
  return (
    <main>
      <div className="pt-5 pb-4">
        <h1 className="text-xl font-semibold">{t('form.edit.title')}</h1>
        <p className="text-quiet">{meetingName(meeting, t)}</p>
      </div>
      <MeetingForm
        courseId={courseId}
        timeZone={meeting.timeZone}
        initial={draftOf(meeting)}
        existing={{ meetingId, revision: meeting.revision }}
        doneHref={`/courses/${courseId}`}
      />
    </main>
  );
}
