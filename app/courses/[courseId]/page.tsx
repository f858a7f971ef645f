import type { Metadata } from 'next';
import { isStaff } from '#lib/access/rules.ts';
import { loadPlace } from './_components/load-place.ts';
import { MeetingsHome } from './_components/meetings-home.tsx';
import { MyAttendance } from './_components/my-attendance.tsx';
import { OnlookerPage } from './_components/onlooker-page.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { view: place, t } = await loadPlace((await params).courseId);
  if (isStaff(place.role)) return { title: t('home.title') };
  return { title: t(place.role === 'student' ? 'mine.title' : 'onlooker.title') };
}

/** The course's first page: each role its own. What it shows, its use case allows. */
export default async function CoursePage({ params }: Props) {
  const { courseId } = await params;
  const { view: place, t } = await loadPlace(courseId);
  switch (place.role) {
    case 'teacher':
    case 'assistant':
      return <MeetingsHome courseId={courseId} />;
    case 'student':
      return <MyAttendance courseId={courseId} />;
    case 'observer':
    case 'designer':
      return <OnlookerPage role={place.role} t={t} />;
  }
}
