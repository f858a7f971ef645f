import { Copy } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { loadMeetingForm } from '#lib/meetings/load-meeting-form.ts';
import { wordsOf } from '#lib/meetings/rules.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { draftOf } from '../../../_components/meeting-draft.ts';
import { EditMeeting } from './_components/edit-meeting.tsx';

interface Props {
  params: Promise<{ courseId: string; meetingId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('form.edit.title') };
}

export default async function EditMeetingPage({ params }: Props) {
  const { courseId, meetingId } = await params;
  const { view, t } = await loadPage((ctx) => loadMeetingForm(ctx, { courseId, meetingId }));
  const { meeting, sections, series } = view;
  return (
    <main>
      <div className="flex max-w-2xl flex-wrap items-end justify-between gap-x-6 gap-y-2 pt-5 pb-4">
        <div>
          <h1 className="text-xl font-semibold">{t('form.edit.title')}</h1>
          <p className="text-quiet">{meetingName(meeting, t)}</p>
        </div>
        <Link
          href={`/courses/${courseId}/meetings/new?copy=${meetingId}`}
          className={buttonStyle({ kind: 'quiet', size: 'small' })}
        >
          <Copy aria-hidden className="size-4" />
          {t('form.copy')}
        </Link>
      </div>
      <EditMeeting
        courseId={courseId}
        meeting={{
          id: meetingId,
          timeZone: meeting.timeZone,
          revision: meeting.revision,
          isCancelled: meeting.state === 'cancelled',
        }}
        sections={sections}
        series={series}
        initial={draftOf(wordsOf(meeting))}
      />
    </main>
  );
}
