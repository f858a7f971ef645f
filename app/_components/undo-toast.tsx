'use client';

import { Undo2, X } from 'lucide-react';
import { buttonStyle } from './button.tsx';
import { useTranslate } from './language.tsx';
import { useEnding } from './use-ending.ts';

/** What was done last, with the way back; it waits while somebody is on it. Give it a new key for each thing done. */
export function UndoToast({ what, onUndo, onEnd }: { what: string; onUndo: () => void; onEnd: () => void }) {
  const t = useTranslate();
  const waiting = useEnding(onEnd);
  return (
    <div
      role="group"
      aria-label={what}
      data-testid="undo"
      {...waiting}
      className="pointer-events-auto flex max-w-full items-center gap-2 rounded-md border border-line bg-paper py-1.5 pr-1.5 pl-4 text-sm shadow-pop"
    >
      <span className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]">
        <bdi>{what}</bdi>
      </span>
      <button
        type="button"
        aria-keyshortcuts="Control+Z"
        className={buttonStyle({ kind: 'quiet', size: 'small' })}
        onClick={onUndo}
      >
        <Undo2 aria-hidden className="size-4" />
        {t('register.undo')}
      </button>
      <button
        type="button"
        aria-label={t('register.undo.close')}
        className={buttonStyle({ kind: 'quiet', size: 'small' })}
        onClick={onEnd}
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}
