import { cache } from 'react';
import type { Metadata } from 'next';
import { loadProjector } from '#lib/check-in-windows/load-projector.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { Wall } from './_components/wall.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]/projector'>;

/** Once for the title and the page together. */
const load = cache((courseId: string, meetingId: string, direction: Direction) =>
  loadPage((ctx) => loadProjector(ctx, { courseId, meetingId, direction })),
);

async function loadFor({ params, searchParams }: Props) {
  const { courseId, meetingId } = await params;
  const direction = (await searchParams).direction === 'out' ? 'out' : 'in';
  return { courseId, ...(await load(courseId, meetingId, direction)) };
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const { view, t } = await loadFor(props);
  return {
    title: { absolute: t(`wall.title.${view.direction}`, { meeting: meetingName(view.meeting, t) }) },
  };
}

export default async function ProjectorPage(props: Props) {
  const { courseId, view } = await loadFor(props);
  // Anew for the other direction: its codes are others.
  return <Wall key={view.direction} courseId={courseId} initial={view} />;
}
