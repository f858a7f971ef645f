import { cache } from 'react';
import type { Metadata } from 'next';
import { loadProjector } from '#lib/check-in-windows/load-projector.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { Wall } from './_components/wall.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]/projector'>;

/** Once for the title and the page together. */
const load = cache((courseId: string, meetingId: string) =>
  loadPage((ctx) => loadProjector(ctx, { courseId, meetingId })),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { courseId, meetingId } = await params;
  const { view, t } = await load(courseId, meetingId);
  return { title: { absolute: t('wall.title', { meeting: meetingName(view.meeting, t) }) } };
}

export default async function ProjectorPage({ params }: Props) {
  const { courseId, meetingId } = await params;
  const { view } = await load(courseId, meetingId);
  return <Wall courseId={courseId} initial={view} />;
}
