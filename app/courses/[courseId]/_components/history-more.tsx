'use client';

import { useState, useTransition } from 'react';
import type { HistoryOf } from '#lib/audit/load-history.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { readHistory } from './history-actions.ts';
import { HistoryEntries } from './history-entries.tsx';
import type { ToldEntry } from './tell-history.ts';

/** What is older than the entries above, page by page. */
export function HistoryMore({
  courseId,
  of,
  about,
  older: firstOlder,
}: {
  courseId: string;
  of: Extract<HistoryOf, { kind: 'record' | 'meeting' | 'member' }>;
  about: 'meeting' | 'nothing';
  older: string | undefined;
}) {
  const t = useTranslate();
  const [entries, setEntries] = useState<ToldEntry[]>([]);
  const [older, setOlder] = useState(firstOlder);
  const [hasFailed, setHasFailed] = useState(false);
  const [isLoading, startLoading] = useTransition();
  const load = () => {
    startLoading(async () => {
      const read = await readHistory(courseId, of, older).catch(() => undefined);
      setHasFailed(read?.ok !== true);
      if (read?.ok !== true) return;
      setEntries((before) => [...before, ...read.value.entries]);
      setOlder(read.value.older);
    });
  };
  return (
    <>
      {entries.length > 0 && <HistoryEntries courseId={courseId} entries={entries} about={about} />}
      {hasFailed && (
        <p role="alert" className="mt-3">
          {t('history-panel.failed')}
        </p>
      )}
      {older !== undefined && (
        <button
          type="button"
          className={`${buttonStyle({ kind: 'second', size: 'small' })} mt-3`}
          aria-busy={isLoading}
          disabled={isLoading}
          onClick={load}
        >
          {t(isLoading ? 'history-panel.loading' : hasFailed ? 'history-panel.retry' : 'history-panel.older')}
        </button>
      )}
    </>
  );
}
