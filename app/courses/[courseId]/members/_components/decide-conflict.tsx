'use client';

import { useState } from 'react';
import { ActionAlert } from '../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { decide } from '../actions.ts';
import { useAction } from '../../../../_components/use-action.ts';

/** One person or two: the page is loaded anew with what was decided. */
export function DecideConflict({ courseId, conflictId }: { courseId: string; conflictId: string }) {
  const t = useTranslate();
  const { isBusy, problem, run } = useAction();
  const [isChanged, setChanged] = useState(false);
  const choose = (decision: 'merged' | 'apart') => () => {
    run(
      () => decide(courseId, conflictId, decision),
      ({ kind }) => {
        setChanged(kind === 'changed');
      },
    );
  };
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <button
          type="button"
          aria-disabled={isBusy}
          className={buttonStyle({ kind: 'second' })}
          onClick={choose('merged')}
        >
          {t('member-sync.merge')}
        </button>
        <button
          type="button"
          aria-disabled={isBusy}
          className={buttonStyle({ kind: 'second' })}
          onClick={choose('apart')}
        >
          {t('member-sync.apart')}
        </button>
      </div>
      {isChanged && (
        <p role="status" className="mt-2">
          {t('member-sync.changed')}
        </p>
      )}
      <ActionAlert problem={problem} />
    </>
  );
}
