'use client';

import { httpStatusByCode } from '#lib/base/errors.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { buttonStyle } from './_components/button.tsx';
import { useTranslate } from './_components/language.tsx';
import { ReloadButton } from './_components/new-version.tsx';
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
  // A part of the page that was not loaded yet, and went with the release that the page is of.
  if (error.name === 'ChunkLoadError') {
    return (
      <main className="mx-auto max-w-xl p-6 text-center">
        <h1 className="text-xl font-semibold">{t('release.new')}</h1>
        <p className="mt-2 text-quiet">{t('release.todo')}</p>
        <p className="mt-5">
          <ReloadButton />
        </p>
      </main>
    );
  }
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
