'use client';

import { Smartphone } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ActionResult } from '#lib/http/load-page.ts';
import { ActionAlert } from '../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { useAction } from '../../../_components/use-action.ts';

export interface ListedPhone {
  id: string;
  name: string;
  /** Since when, and when it was used last. */
  facts: string;
}

/** Remembered phones, each with a button that ends it; what came of it is said below. */
export function PhoneList({
  phones,
  words,
  revoke,
}: {
  phones: readonly ListedPhone[];
  words: 'mine.phones' | 'member-phones';
  /** Undefined: the viewer may only look. */
  revoke: ((deviceId: string) => Promise<ActionResult<void>>) | undefined;
}) {
  const t = useTranslate();
  const { isBusy, problem, run } = useAction();
  const [ended, setEnded] = useState<string>();
  const told = useRef<HTMLParagraphElement>(null);
  return (
    <>
      {phones.length > 0 && (
        <ul className="mt-3 border-t border-line">
          {phones.map(({ id, name, facts }) => (
            <li key={id} className="flex items-center gap-3 border-b border-line py-2.5">
              <Smartphone aria-hidden className="size-5 shrink-0 text-quiet" />
              <span className="min-w-0 flex-1">
                {name}
                <span className="block text-sm text-quiet">{facts}</span>
              </span>
              {revoke !== undefined && (
                <button
                  type="button"
                  aria-disabled={isBusy}
                  aria-label={t('phones.forget-one', { action: t(`${words}.forget`), phone: name })}
                  className={buttonStyle({ kind: 'second', size: 'small' })}
                  onClick={() => {
                    run(
                      () => revoke(id),
                      () => {
                        setEnded(name);
                        // The button is gone with its line: the keyboard goes on from what is said of it.
                        told.current?.focus();
                      },
                    );
                  }}
                >
                  {t(`${words}.forget`)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <p ref={told} role="status" tabIndex={-1} className={ended === undefined ? '' : 'mt-2'}>
        {ended !== undefined && t(`${words}.forgotten`, { phone: ended })}
      </p>
      <ActionAlert problem={problem} />
    </>
  );
}
