'use client';

import { Check, LoaderCircle, TriangleAlert } from 'lucide-react';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { MarkState } from './use-marks.ts';

/** Whether everything that was marked here is safe; silent until something was. */
export function SaveState({ marks }: { marks: ReadonlyMap<string, MarkState> }) {
  const t = useTranslate();
  const states = [...marks.values()];
  const unsaved = states.filter(({ kind }) => kind === 'failed' || kind === 'conflict').length;
  const isSaving = states.some(({ kind }) => kind === 'pending');
  return (
    <p role="status" className="flex min-h-5 items-center gap-1.5 text-sm text-quiet">
      {isSaving ? (
        <>
          <LoaderCircle aria-hidden className="size-4 animate-spin" />
          {t('register.saving')}
        </>
      ) : unsaved > 0 ? (
        <>
          <TriangleAlert aria-hidden className="size-4 text-late" />
          {t('register.not-saved', { count: unsaved })}
        </>
      ) : (
        states.length > 0 && (
          <>
            <Check aria-hidden className="size-4 text-present" />
            {t('register.saved')}
          </>
        )
      )}
    </p>
  );
}
