import { Paperclip } from 'lucide-react';
import Link from 'next/link';
import { loadExcuseQueue } from '#lib/excuses/load-excuse-queue.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { ExcuseStateLabel } from '../../../_components/excuse-state.tsx';
import { tellExcuse } from '../../../excuses/_components/desk/tell-excuse.ts';
import type { Clock } from '../../_components/format-when.ts';

/** A student's excuses, each of which leads to the desk; for those who may see them. */
export async function MemberExcuses({
  courseId,
  membershipId,
  clock,
}: {
  courseId: string;
  membershipId: string;
  clock: Clock;
}) {
  const { view } = await loadPage((ctx) => loadExcuseQueue(ctx, { courseId, membershipId, filter: 'all' }));
  const { t } = clock;
  return (
    <section aria-labelledby="excuses" className="mt-7 max-w-2xl">
      <h2 id="excuses" className="text-lg font-semibold">
        {t('member-excuses.title')}
      </h2>
      {view.excuses.length === 0 ? (
        <p className="text-quiet">{t('member-excuses.none')}</p>
      ) : (
        <ul className="mt-1 border-t border-line">
          {view.excuses
            .map((excuse) => tellExcuse(excuse, clock))
            .map(({ id, state, summary, days, reason, documents }) => (
              <li
                key={id}
                className="relative flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-2 py-2.5 hover:bg-sunken"
              >
                <p className="flex min-w-0 flex-wrap items-center gap-x-3">
                  <Link
                    href={`/courses/${courseId}/excuses?show=${state === 'submitted' ? 'waiting' : 'all'}&excuse=${id}`}
                    prefetch={false}
                    className="font-medium tabular-nums after:absolute after:inset-0"
                  >
                    {days ?? summary}
                  </Link>
                  <span className="text-quiet">{reason}</span>
                  {documents.length > 0 && (
                    <span className="inline-flex items-center gap-0.5 text-sm text-quiet">
                      <Paperclip aria-hidden className="size-3.5" />
                      <span aria-hidden>{documents.length}</span>
                      <span className="sr-only">
                        {t('desk-excuse.documents.count', { count: documents.length })}
                      </span>
                    </span>
                  )}
                </p>
                <ExcuseStateLabel state={state} word={t(`excuse.state.${state}`)} />
              </li>
            ))}
        </ul>
      )}
      {view.hasMore && <p className="mt-1 text-sm text-quiet">{t('member-excuses.more')}</p>}
    </section>
  );
}
