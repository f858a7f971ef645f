'use client';

import type { ErrorCode } from '#lib/base/errors.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { useTranslate } from '../../../../_components/language.tsx';

/** Why nothing was changed: a refusal by its code, or no answer at all. */
export function ActionAlert({ problem }: { problem: ErrorCode | 'unreachable' | undefined }) {
  const t = useTranslate();
  if (problem === undefined) return null;
  return (
    <p role="alert" className="mt-2 text-danger">
      {problem === 'unreachable' ? t('member-sync.unreachable') : tellError(problem, t)}
    </p>
  );
}
