'use client';

import Link from 'next/link';
import { useSelectedLayoutSegments } from 'next/navigation';
import type { ReactNode } from 'react';
import { useTranslate } from '../../../_components/language.tsx';

export type CoursePage = 'meetings' | 'excuses' | 'members' | 'settings';

/** The course's name and the way between its pages; nothing around what has a window to itself: projector and print. */
export function CourseFrame({
  courseId,
  title,
  pages,
  waitingExcuses,
  children,
}: {
  courseId: string;
  title: string;
  pages: readonly CoursePage[];
  /** How many wait for a decision. */
  waitingExcuses: number;
  children: ReactNode;
}) {
  const t = useTranslate();
  const segments = useSelectedLayoutSegments();
  if (segments.at(-1) === 'projector' || segments.includes('print')) return children;
  const home = `/courses/${courseId}`;
  // Pages without a place of their own belong where one comes from: history and one's own data to the settings, others to the meetings.
  const room = segments[0] === 'history' || segments[0] === 'my-data' ? 'settings' : segments[0];
  const here = pages.find((page) => page === room) ?? 'meetings';
  const isAtHome = segments.length === 0 || (segments.length === 1 && segments[0] === here);
  return (
    <div className="mx-auto max-w-5xl px-4 pb-8 sm:px-6">
      <header className="flex flex-wrap items-center gap-x-6 border-b border-line">
        <p className="min-w-0 flex-1 basis-48 truncate py-3 text-quiet" title={title}>
          {title}
        </p>
        {pages.length > 0 && (
          <nav aria-label={t('course.nav')}>
            <ul className="flex flex-wrap gap-x-4 sm:gap-x-5">
              {pages.map((page) => (
                <li key={page}>
                  <Link
                    href={page === 'meetings' ? home : `${home}/${page}`}
                    aria-current={page === here ? (isAtHome ? 'page' : 'true') : undefined}
                    className={`-mb-px block border-b-2 py-3 ${
                      page === here
                        ? 'border-brand font-medium text-brand'
                        : 'border-transparent hover:border-edge'
                    }`}
                  >
                    {page === 'excuses'
                      ? t('course.nav.excuses', { count: waitingExcuses })
                      : t(`course.nav.${page}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
        )}
      </header>
      {children}
    </div>
  );
}
