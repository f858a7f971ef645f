'use client';

import type { ErrorCode } from '#lib/base/errors.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';
import { useTranslate } from './language.tsx';
import { lostAnswer } from './new-version.tsx';

/**
 * Why nothing was changed: a refusal by its code, or no answer at all.
 *
 * @param unreachable the sentence for no answer, where there is more to say than that nothing was changed
 */
export function ActionAlert({
  problem,
  unreachable = 'action.unreachable',
}: {
  problem: ErrorCode | 'unreachable' | undefined;
  unreachable?: MessageKey;
}) {
  const t = useTranslate();
  if (problem === undefined) return null;
  return (
    <p role="alert" className="mt-2 text-danger">
      {problem === 'unreachable' ? t(lostAnswer(unreachable)) : tellError(problem, t)}
    </p>
  );
}
