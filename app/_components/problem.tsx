import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { Translate } from '#lib/i18n/translate.ts';

/** What happened, what is safe, what to do; and the number under which the operator finds it. */
export function Problem({
  code,
  t,
  requestId,
  children,
}: {
  code: ErrorCode;
  t: Translate;
  requestId?: string;
  /** A way on, where there is one. */
  children?: ReactNode;
}) {
  return (
    <main className="mx-auto max-w-xl p-6 text-center">
      <CircleAlert aria-hidden className="mx-auto mb-3 size-10 text-late" />
      <h1 className="text-xl font-semibold">{t(`errors.${code}.title`)}</h1>
      <p className="mt-2 text-quiet">{t(`errors.${code}.todo`)}</p>
      {children !== undefined && <p className="mt-5">{children}</p>}
      {requestId !== undefined && (
        <p className="mt-6 text-sm text-quiet">
          {t('problem.request-id')} <code className="select-all">{requestId}</code>
        </p>
      )}
    </main>
  );
}
