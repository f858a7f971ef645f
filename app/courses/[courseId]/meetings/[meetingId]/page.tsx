import { cache } from 'react';
import type { Metadata } from 'next';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { Register } from './_components/register.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]'>;

/** Once for the title and the page together. */
const load = cache((courseId: string, meetingId: string) =>
  loadPage((ctx) => loadRegister(ctx, { courseId, meetingId })),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { courseId, meetingId } = await params;
  const { view, t } = await load(courseId, meetingId);
  return { title: meetingName(view.meeting, t) };
}

export default async function RegisterPage({ params }: Props) {
  const { courseId, meetingId } = await params;
  const { view, ctx } = await load(courseId, meetingId);
  // As one text: to take 600 rows apart for the wire costs React more than everything else on this page.
  return <Register courseId={courseId} initial={JSON.stringify(view)} serverNow={ctx.now.toISOString()} />;
}
