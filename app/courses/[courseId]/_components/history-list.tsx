import { loadHistory } from '#lib/audit/load-history.ts';
import type { HistoryOf } from '#lib/audit/load-history.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { HistoryEntries } from './history-entries.tsx';
import { HistoryMore } from './history-more.tsx';
import { tellHistory } from './tell-history.ts';

/** The history of a meeting or a member, for a place on their page. The page gives the heading. */
export async function HistoryList({
  courseId,
  of,
}: {
  courseId: string;
  of: Extract<HistoryOf, { kind: 'meeting' | 'member' }>;
}) {
  const { view, t } = await loadPage((ctx) => loadHistory(ctx, { courseId, of }));
  if (view.entries.length === 0) return <p className="text-quiet">{t('history.none')}</p>;
  const about = of.kind === 'member' ? 'meeting' : 'nothing';
  return (
    <>
      <HistoryEntries courseId={courseId} entries={tellHistory(view, t)} about={about} />
      <HistoryMore courseId={courseId} of={of} about={about} older={view.older} />
    </>
  );
}
