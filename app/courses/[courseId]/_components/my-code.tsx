'use client';

import { QrCode } from 'lucide-react';
import { useId, useState } from 'react';
import { ActionAlert } from '../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { QrPicture } from '../../../_components/qr-picture.tsx';
import { useAction } from '../../../_components/use-action.ts';
import { renewCode, showCode } from '../my-code-actions.ts';

/** A student's own code, for whoever runs the course to scan: made, and shown, when it is asked for. */
export function MyCode({ courseId }: { courseId: string }) {
  const t = useTranslate();
  const heading = useId();
  const [address, setAddress] = useState<string>();
  const [isRenewed, setRenewed] = useState(false);
  const { isBusy, problem, run } = useAction();

  function ask(act: typeof showCode, renews: boolean) {
    run(
      () => act(courseId),
      (shown) => {
        setAddress(shown);
        setRenewed(renews);
      },
    );
  }

  return (
    <section aria-labelledby={heading} className="mt-10 max-w-2xl border-t border-line pt-5">
      <h2 id={heading} className="text-lg font-semibold">
        {t('my-code.title')}
      </h2>
      <p className="mt-1 text-quiet">{t('my-code.lead')}</p>
      {address === undefined ? (
        <button
          type="button"
          aria-disabled={isBusy}
          onClick={() => {
            ask(showCode, false);
          }}
          className={`mt-3 ${buttonStyle({ kind: 'second' })}`}
        >
          <QrCode aria-hidden className="size-4" />
          {t(isBusy ? 'my-code.working' : 'my-code.show')}
        </button>
      ) : (
        <>
          <div
            data-testid="my-code"
            data-code-url={address}
            className="mt-3 aspect-square w-full max-w-72 overflow-hidden rounded-md border border-line bg-[#fff]"
          >
            <QrPicture url={address} label={t('my-code.qr')} className="size-full" />
          </div>
          <p className="mt-2 text-sm text-quiet">{t('my-code.note')}</p>
          <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
            <button
              type="button"
              aria-disabled={isBusy}
              onClick={() => {
                ask(renewCode, true);
              }}
              className={buttonStyle({ kind: 'second', size: 'small' })}
            >
              {t(isBusy ? 'my-code.working' : 'my-code.renew')}
            </button>
            {t('my-code.renew.hint')}
          </p>
        </>
      )}
      <p role="status" className="mt-2">
        {isRenewed && t('my-code.renewed')}
      </p>
      <ActionAlert problem={problem} unreachable="my-code.unreachable" />
    </section>
  );
}
