import Link from 'next/link';
import { loadExcuseQueue } from '#lib/excuses/load-excuse-queue.ts';
import { maxNote } from '#lib/base/excuse-limits.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { KeepFresh } from '../../../../_components/keep-fresh.tsx';
import type { Clock } from '../../members/_components/format-when.ts';
import { DeskHeading } from './desk/desk-heading.tsx';
import { Desk } from './desk/desk.tsx';
import { tellExcuse } from './desk/tell-excuse.ts';

const filters = ['waiting', 'decided', 'all'] as const;
type Query = Record<string, string | string[] | undefined>;

/** Excuses for those who run the course: what waits, and what was decided. */
export async function ExcuseDesk({ courseId, query }: { courseId: string; query: Query }) {
  const show = filters.find((filter) => filter === query.show) ?? 'waiting';
  const page = typeof query.page === 'string' && /^\d{1,4}$/.test(query.page) ? Number(query.page) : 0;
  const asked = typeof query.excuse === 'string' ? query.excuse : undefined;
  const { view, t, ctx } = await loadPage((ctx) =>
    loadExcuseQueue(ctx, { courseId, filter: show, page, excuseId: asked }),
  );
  const clock: Clock = { t, timeZone: view.course.timeZone, now: ctx.now };
  const excuses = view.excuses.map((excuse) => tellExcuse(excuse, clock));
  const opened = view.opened === undefined ? undefined : tellExcuse(view.opened, clock);
  const isThere = opened !== undefined || excuses.some(({ id }) => id === asked);
  const addressOf = (to: number) => `/courses/${courseId}/excuses?show=${show}&page=${String(to)}`;
  return (
    <main className="pb-4 max-sm:pb-20">
      <KeepFresh everySeconds={15} />
      <Desk
        key={`${show} ${String(page)}`}
        courseId={courseId}
        show={show}
        excuses={excuses}
        opened={opened}
        firstOpen={isThere ? asked : excuses[0]?.id}
        mayDecide={view.mayDecide}
        maxNote={maxNote}
        heading={<DeskHeading courseId={courseId} here={show} waiting={view.waiting} t={t} />}
        pages={
          (page > 0 || view.hasMore) && (
            <p className="mt-2 flex flex-wrap gap-2">
              {page > 0 && (
                <Link href={addressOf(page - 1)} className={buttonStyle({ kind: 'quiet', size: 'small' })}>
                  {t('desk-excuse.page.previous')}
                </Link>
              )}
              {view.hasMore && (
                <Link href={addressOf(page + 1)} className={buttonStyle({ kind: 'quiet', size: 'small' })}>
                  {t('desk-excuse.page.next')}
                </Link>
              )}
            </p>
          )
        }
      />
    </main>
  );
}
