import type { Metadata } from 'next';
import { isStaff } from '#lib/access/rules.ts';
import { loadPlace } from '../_components/load-place.ts';
import { ExcuseDesk } from './_components/excuse-desk.tsx';
import { MyExcuses } from './_components/my-excuses.tsx';

type Props = PageProps<'/courses/[courseId]/excuses'>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { view: place, t } = await loadPlace((await params).courseId);
  return { title: t(isStaff(place.role) ? 'desk-excuse.title' : 'my-excuse.title') };
}

/** Excuses: those of the course for those who run it, else one's own. What it shows, its use case allows. */
export default async function ExcusesPage({ params, searchParams }: Props) {
  const { courseId } = await params;
  const { view: place } = await loadPlace(courseId);
  return isStaff(place.role) ? (
    <ExcuseDesk courseId={courseId} query={await searchParams} />
  ) : (
    <MyExcuses courseId={courseId} />
  );
}
