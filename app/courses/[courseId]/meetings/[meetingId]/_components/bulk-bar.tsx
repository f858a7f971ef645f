'use client';

import { Undo2, X } from 'lucide-react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { PressButtons } from './press-buttons.tsx';
import type { Entry, Press } from './register-entry.ts';

/**
 * Marks for many at once, in a line that is always there: for those selected, else for everybody in sight who is not
 * taken yet.
 */
export function BulkBar({
  shown,
  selected,
  isRunning,
  onPress,
  onClear,
}: {
  /** In sight, whatever their status. */
  shown: readonly Entry[];
  selected: readonly Entry[];
  /** Late and left early carry the time of now: they need a meeting that runs. */
  isRunning: boolean;
  onPress: (entries: readonly Entry[], press: Press) => void;
  onClear: () => void;
}) {
  const t = useTranslate();
  const small = buttonStyle({ kind: 'second', size: 'small' });
  if (selected.length > 0) {
    return (
      <div
        role="group"
        aria-label={t('register.mark.selected')}
        className="flex min-h-11 flex-1 flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-brand-soft py-1 pr-1 pl-3 max-md:basis-full"
      >
        <span className="text-sm font-medium tabular-nums">
          {t('register.select.count', { count: selected.length })}
        </span>
        <div className="flex gap-1">
          <PressButtons
            inTabOrder
            isDisabled={(status) => !isRunning && (status === 'late' || status === 'partial')}
            onPress={(status) => {
              onPress(selected, status);
            }}
          />
          <button
            type="button"
            aria-label={t('register.mark.take-back')}
            title={t('register.mark.take-back')}
            onClick={() => {
              onPress(selected, 'take-back');
            }}
            className="grid size-9 place-items-center rounded-sm text-quiet hover:bg-sunken max-sm:size-10"
          >
            <Undo2 aria-hidden className="size-4.5" />
          </button>
        </div>
        <button
          type="button"
          aria-label={t('register.select.none')}
          title={t('register.select.none')}
          className="ml-auto grid size-9 place-items-center rounded-sm text-quiet hover:bg-sunken"
          onClick={onClear}
        >
          <X aria-hidden className="size-4.5" />
        </button>
      </div>
    );
  }
  const untaken = shown.filter(({ record, row }) => record === null && row.isExpected);
  const others = untaken.length === shown.length ? 'all' : 'others';
  return (
    <div className="flex min-h-11 flex-1 flex-wrap items-center gap-2 py-1 max-md:basis-full">
      {(['present', 'absent'] as const).map((status) => (
        <button
          key={status}
          type="button"
          data-bulk={status}
          aria-disabled={untaken.length === 0}
          className={`${small} aria-disabled:cursor-default aria-disabled:opacity-55`}
          onClick={() => {
            onPress(untaken, status);
          }}
        >
          {t(`register.${others}-${status}`, { count: untaken.length })}
        </button>
      ))}
    </div>
  );
}
