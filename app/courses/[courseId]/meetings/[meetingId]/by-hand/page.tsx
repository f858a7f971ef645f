import { cache } from 'react';
import type { Metadata } from 'next';
import { loadHelper } from '#lib/helping/load-helper.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { CheckInByHand } from './_components/check-in-by-hand.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]/by-hand'>;

/** Once for the title and the page together. */
const load = cache((courseId: string, meetingId: string) =>
  loadPage((ctx) => loadHelper(ctx, { courseId, meetingId })),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { courseId, meetingId } = await params;
  const { view, t } = await load(courseId, meetingId);
  return { title: `${t('help.title')} · ${meetingName(view.register.meeting, t)}` };
}

/** For whoever has no phone, or whose phone fails them: somebody who runs the course checks them in. */
export default async function HelperPage({ params }: Props) {
  const { courseId, meetingId } = await params;
  const { view, ctx } = await load(courseId, meetingId);
  // As one text, like the register: to take 600 rows apart for the wire costs more than all else.
  return (
    <CheckInByHand
      courseId={courseId}
      initial={JSON.stringify(view)}
      startsWith={ctx.now < new Date(view.register.meeting.endsAt) ? 'in' : 'out'}
    />
  );
}
