'use client';

import { useState } from 'react';
import { ActionAlert } from '../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { confirmLeft } from '../actions.ts';
import { useAction } from '../../../../_components/use-action.ts';

/** A teacher's word that those who are missing from the list have left. */
export function ConfirmLeft({ courseId }: { courseId: string }) {
  const t = useTranslate();
  const { isBusy, problem, run } = useAction();
  const [departed, setDeparted] = useState<number>();
  if (departed !== undefined) return <p role="status">{t('member-sync.confirmed', { count: departed })}</p>;
  return (
    <>
      <button
        type="button"
        aria-disabled={isBusy}
        className={buttonStyle({ kind: 'second' })}
        onClick={() => {
          run(
            () => confirmLeft(courseId),
            (value) => {
              setDeparted(value.departed);
            },
          );
        }}
      >
        {t('member-sync.confirm')}
      </button>
      <ActionAlert problem={problem} />
    </>
  );
}
