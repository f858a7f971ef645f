'use client';

import type { ErrorCode } from '#lib/base/errors.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { useTranslate } from '../../../../../_components/language.tsx';

/** Why nothing was decided; what was typed stands there still. */
export function Refusal({ problem }: { problem: ErrorCode | 'unreachable' | undefined }) {
  const t = useTranslate();
  if (problem === undefined) return null;
  return (
    <p role="alert" className="mt-3 text-danger">
      {problem === 'unreachable' ? t('form.unreachable') : tellError(problem, t)}
    </p>
  );
}
