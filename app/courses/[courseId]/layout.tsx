import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { isStaff } from '#lib/access/rules.ts';
import { countWaitingExcuses } from '#lib/excuses/count-waiting.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { issueHandOver } from '#lib/logins/hand-over.ts';
import { FrameHeight } from '../../_components/frame-height.tsx';
import { HandOverProvider } from '../../_components/open-in-new-window.tsx';
import { StyleNonce } from '../../_components/style-nonce.tsx';
import { CourseFrame } from './_components/course-frame.tsx';
import { loadPlace } from './_components/load-place.ts';

/** What stands around every page of a course. The pages check access themselves; a layout is no guard. */
export default async function CourseLayout({
  params,
  children,
}: {
  params: Promise<{ courseId: string }>;
  children: ReactNode;
}) {
  const { courseId } = await params;
  const { view: place, ctx, language } = await loadPlace(courseId);
  const runs = isStaff(place.role);
  const waiting = runs ? (await loadPage((ctx) => countWaitingExcuses(ctx, courseId))).view : undefined;
  return (
    <>
      <StyleNonce nonce={(await headers()).get('x-nonce') ?? undefined} />
      <FrameHeight />
      <CourseFrame
        courseId={courseId}
        title={place.course.title}
        pages={
          runs
            ? ['meetings', ...(waiting === undefined ? [] : (['excuses'] as const)), 'members', 'settings']
            : []
        }
        waitingExcuses={waiting ?? 0}
      >
        <HandOverProvider ticket={issueHandOver(ctx, language)}>{children}</HandOverProvider>
      </CourseFrame>
    </>
  );
}
