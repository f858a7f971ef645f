'use client';

import { httpStatusByCode } from '#lib/base/errors.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { buttonStyle } from './_components/button.tsx';
import { useTranslate } from './_components/language.tsx';
import { Problem } from './_components/problem.tsx';

/** Shown when a page failed. Its digest names our code; any other failure is told as internal. */
export default function ErrorPage({
  error,
  retry,
}: {
  error: Error & { digest?: string };
  retry: () => void;
}) {
  const t = useTranslate();
  const [, code = '', requestId] = /^sk-problem:([\w-]+):([\w-]+)$/.exec(error.digest ?? '') ?? [];
  return (
    <Problem code={code in httpStatusByCode ? (code as ErrorCode) : 'internal'} t={t} requestId={requestId}>
      <button
        type="button"
        className={buttonStyle({ kind: 'primary' })}
        onClick={() => {
          retry();
        }}
      >
        {t('problem.retry')}
      </button>
    </Problem>
  );
}
