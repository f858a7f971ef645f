'use client';

import { Check, CloudOff, LoaderCircle, TriangleAlert } from 'lucide-react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { QueueState } from './marks/mark-sender.ts';

/** Whether everything that was marked here is safe; silent until something was. */
export function SaveState({ queue, onTry }: { queue: QueueState; onTry: () => void }) {
  const t = useTranslate();
  const { marks, phase, isLasting, hasMarked } = queue;
  const waiting = [...marks.values()].filter(({ trouble }) => trouble === null).length;
  const undecided = marks.size - waiting;
  const tryAgain = (
    <button type="button" className={buttonStyle({ kind: 'quiet', size: 'small' })} onClick={onTry}>
      {t('register.unsaved.try')}
    </button>
  );
  // A refusal is read in full, so it stands where there is room (see `Refusal`).
  return (
    <div
      role="status"
      data-testid="save-state"
      className="flex min-h-8 items-center gap-1.5 text-sm text-quiet"
    >
      {phase.kind === 'unreachable' && waiting > 0 ? (
        <>
          <CloudOff aria-hidden className="size-4 shrink-0 text-late" />
          <span>
            {t(isLasting ? 'register.unsaved.unreachable' : 'register.unsaved.passing', { count: waiting })}
          </span>
          {tryAgain}
        </>
      ) : phase.kind === 'refused' && waiting > 0 ? (
        <>
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-late" />
          <span>{t('register.unsaved.row')}</span>
        </>
      ) : waiting > 0 ? (
        <>
          <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />
          <span>{t('register.saving')}</span>
        </>
      ) : undecided > 0 ? (
        <>
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-late" />
          <span>{t('register.unsaved.decide', { count: undecided })}</span>
        </>
      ) : (
        hasMarked && (
          <>
            <Check aria-hidden className="size-4 shrink-0 text-present" />
            <span>{t('register.saved')}</span>
          </>
        )
      )}
    </div>
  );
}

/** The server takes nothing more from whoever sits here: what happened, what is safe, what to do. */
export function Refusal({ queue, onTry }: { queue: QueueState; onTry: () => void }) {
  const t = useTranslate();
  const { marks, phase, isLasting } = queue;
  if (phase.kind !== 'refused' || marks.size === 0) return null;
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-late bg-warning-soft p-4"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold">{t(`errors.${phase.code}.title`)}</p>
        <p>
          {t(isLasting ? 'register.unsaved.refused' : 'register.unsaved.refused-passing', {
            count: marks.size,
          })}{' '}
          {t(`errors.${phase.code}.todo`)}
        </p>
      </div>
      <button type="button" className={buttonStyle({ kind: 'second', size: 'small' })} onClick={onTry}>
        {t('register.unsaved.try')}
      </button>
    </div>
  );
}
