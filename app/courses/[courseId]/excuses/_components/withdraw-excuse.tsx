'use client';

import { Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ActionAlert } from '../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { useAction } from '../../../../_components/use-action.ts';
import { withdraw } from '../actions.ts';

/**
 * Takes an excuse back, after saying what goes with it: its documents cannot be brought back. The question stands in its
 * place, because a dialog in the middle of a long frame may be out of sight.
 */
export function WithdrawExcuse({
  courseId,
  excuseId,
  documents,
}: {
  courseId: string;
  excuseId: string;
  /** How many are deleted. */
  documents: number;
}) {
  const t = useTranslate();
  const { isBusy, problem, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const [isLate, setLate] = useState(false);
  const question = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const wasAsking = useRef(false);

  // The keyboard goes to the question, and back from it.
  useEffect(() => {
    if (isAsking) question.current?.focus();
    else if (wasAsking.current) opener.current?.focus();
    wasAsking.current = isAsking;
  }, [isAsking]);

  if (isLate) {
    return (
      <p role="alert" className="text-danger">
        {t('my-excuse.decided-already')}
      </p>
    );
  }
  if (!isAsking) {
    return (
      <button
        ref={opener}
        type="button"
        className={buttonStyle({ kind: 'second' })}
        onClick={() => {
          setAsking(true);
        }}
      >
        <Undo2 aria-hidden className="size-4" />
        {t('my-excuse.withdraw')}
      </button>
    );
  }
  return (
    <div
      ref={question}
      role="group"
      aria-label={t('my-excuse.withdraw.title')}
      tabIndex={-1}
      className="w-full rounded-md border border-line bg-sunken p-4 outline-none"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !isBusy) setAsking(false);
      }}
    >
      <p className="font-semibold">{t('my-excuse.withdraw.title')}</p>
      <p className="mt-1">{t('my-excuse.withdraw.lost', { documents })}</p>
      <ActionAlert problem={problem} unreachable="my-excuse.unreachable" />
      <div className="mt-4 flex flex-wrap gap-3">
        <button
          type="button"
          aria-disabled={isBusy}
          className={buttonStyle({ kind: 'danger' })}
          onClick={() => {
            run(
              () => withdraw(courseId, excuseId),
              ({ kind }) => {
                setLate(kind === 'decided-already');
                // The question goes with its answer: the keyboard stands on the excuse itself.
                document.getElementById(excuseId)?.focus();
              },
            );
          }}
        >
          {t(isBusy ? 'my-excuse.withdraw.busy' : 'my-excuse.withdraw.go')}
        </button>
        <button
          type="button"
          aria-disabled={isBusy}
          className={buttonStyle({ kind: 'second' })}
          onClick={() => {
            if (!isBusy) setAsking(false);
          }}
        >
          {t('my-excuse.withdraw.keep')}
        </button>
      </div>
    </div>
  );
}
