'use client';

import { useTranslate } from '../../../../../_components/language.tsx';
import { statusStyles } from '../../../../../_components/status.tsx';
import type { ShownStatus } from '../../../../../_components/status.tsx';
import type { RegisterRow } from '#lib/attendance/load-register.ts';

export type Filter = ShownStatus | 'all';

const shown = ['present', 'late', 'partial', 'absent', 'excused', 'untaken'] as const;

/** How many of each; pressed, the list shows those alone. */
export function Counters({
  rows,
  filter,
  onFilter,
}: {
  rows: RegisterRow[];
  filter: Filter;
  onFilter: (filter: Filter) => void;
}) {
  const t = useTranslate();
  const counts = new Map<Filter, number>([['all', rows.length]]);
  for (const { record } of rows) {
    const status = record?.status ?? 'untaken';
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  // Leaving early is rare: it has no place of its own until it happens.
  const choices = (['all', ...shown] as const).filter(
    (choice) => choice !== 'partial' || counts.has('partial') || filter === 'partial',
  );
  return (
    <div role="group" aria-label={t('register.filter')} className="flex flex-wrap gap-2">
      {choices.map((choice) => {
        const style = choice === 'all' ? undefined : statusStyles[choice];
        return (
          <button
            key={choice}
            type="button"
            aria-pressed={filter === choice}
            data-count={choice}
            onClick={() => {
              onFilter(filter === choice ? 'all' : choice);
            }}
            className={`inline-flex min-h-9 items-center gap-1.5 rounded-full border px-3 text-sm ${
              filter === choice
                ? `border-current font-medium ${style?.soft ?? 'bg-brand-soft text-brand'}`
                : 'border-line bg-paper hover:bg-sunken'
            }`}
          >
            {style !== undefined && <style.Icon aria-hidden className={`size-4 ${style.text}`} />}
            <span className="font-semibold tabular-nums">{counts.get(choice) ?? 0}</span>
            {choice === 'all' ? t('register.filter.all') : t(`status.${choice}`)}
          </button>
        );
      })}
    </div>
  );
}
