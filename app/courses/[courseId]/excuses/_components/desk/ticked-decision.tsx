'use client';

import { Check, X } from 'lucide-react';
import { ActionAlert } from '../../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { TextAreaField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { useDesk } from './use-desk.ts';

/** One decision for all that are ticked. */
export function TickedDecision({ desk, maxNote }: { desk: ReturnType<typeof useDesk>; maxNote: number }) {
  const t = useTranslate();
  const { ticked, tickedNote, isBusy } = desk;
  const isLong = tickedNote.trim().length > maxNote;
  const press = (how: 'accepted' | 'declined') => () => {
    if (!isLong) desk.decideTicked(how);
  };
  return (
    <section
      aria-labelledby="ticked"
      data-testid="ticked"
      className="mb-6 rounded-md border border-brand bg-brand-soft p-4"
    >
      <h2 id="ticked" className="text-lg font-semibold">
        {t('desk-excuse.ticked', { count: ticked.length })}
      </h2>
      <p className="mb-3 text-sm">{t('desk-excuse.ticked.lead')}</p>
      <TextAreaField
        name="note"
        label={t('desk-excuse.note')}
        hint={t('desk-excuse.note.hint')}
        problem={isLong ? t('desk-excuse.note.long', { max: maxNote }) : undefined}
        value={tickedNote}
        onChange={desk.changeTickedNote}
      />
      <ActionAlert problem={desk.problem} unreachable="form.unreachable" />
      <div className="mt-3 flex flex-wrap gap-3">
        <button
          type="button"
          aria-disabled={isBusy || isLong}
          className={buttonStyle({ kind: 'primary' })}
          onClick={press('accepted')}
        >
          <Check aria-hidden className="size-4" />
          {t('desk-excuse.ticked.accept', { count: ticked.length })}
        </button>
        <button
          type="button"
          aria-disabled={isBusy || isLong}
          className={buttonStyle({ kind: 'danger' })}
          onClick={press('declined')}
        >
          <X aria-hidden className="size-4" />
          {t('desk-excuse.ticked.decline', { count: ticked.length })}
        </button>
        <button
          type="button"
          className={buttonStyle({ kind: 'quiet' })}
          onClick={() => {
            desk.tick(
              ticked.map(({ id }) => id),
              false,
            );
          }}
        >
          {t('desk-excuse.ticked.none')}
        </button>
      </div>
    </section>
  );
}
