'use client';

import { CalendarSync, Check, Copy } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { ActionAlert } from '../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { useAction } from '../../../_components/use-action.ts';
import { renewLink, showLink } from '../calendar-actions.ts';

/** One's own meetings in one's own calendar: the secret link is made, and shown, when it is asked for. */
export function CalendarSubscription({ courseId }: { courseId: string }) {
  const t = useTranslate();
  const heading = useId();
  const field = useId();
  const input = useRef<HTMLInputElement>(null);
  const [href, setHref] = useState<string>();
  const [state, setState] = useState<'idle' | 'copied' | 'renewed'>('idle');
  const { isBusy, problem, run } = useAction();

  // The link that was asked for is where the keyboard stands, ready to be copied.
  useEffect(() => {
    if (href !== undefined) input.current?.select();
  }, [href]);

  function ask(act: typeof showLink, after: 'idle' | 'renewed') {
    run(
      () => act(courseId),
      (link) => {
        setHref(link);
        setState(after);
      },
    );
  }

  async function copy(link: string) {
    try {
      await navigator.clipboard.writeText(link);
      setState('copied');
    } catch {
      // The platform's frame may forbid it: marked, it is one key away.
      input.current?.select();
    }
  }

  return (
    <section aria-labelledby={heading} className="mt-10 max-w-2xl border-t border-line pt-5">
      <h2 id={heading} className="text-lg font-semibold">
        {t('calendar.title')}
      </h2>
      <p className="mt-1 text-quiet">{t('calendar.lead')}</p>
      {href === undefined ? (
        <button
          type="button"
          aria-disabled={isBusy}
          onClick={() => {
            ask(showLink, 'idle');
          }}
          className={`mt-3 ${buttonStyle({ kind: 'second' })}`}
        >
          <CalendarSync aria-hidden className="size-4" />
          {t(isBusy ? 'calendar.working' : 'calendar.subscribe')}
        </button>
      ) : (
        <>
          <label htmlFor={field} className="mt-3 mb-1 block font-medium">
            {t('calendar.link')}
          </label>
          <div className="flex flex-wrap gap-2">
            <input
              id={field}
              ref={input}
              readOnly
              value={href}
              onFocus={(event) => {
                event.target.select();
              }}
              className="min-h-10 min-w-0 flex-1 basis-60 rounded-sm border border-edge bg-sunken px-3 py-2 font-mono text-sm"
            />
            <button
              type="button"
              onClick={() => {
                void copy(href);
              }}
              className={buttonStyle({ kind: 'second' })}
            >
              {state === 'copied' ? (
                <Check aria-hidden className="size-4" />
              ) : (
                <Copy aria-hidden className="size-4" />
              )}
              {t(state === 'copied' ? 'calendar.copied' : 'calendar.copy')}
            </button>
            <a
              href={href.replace(/^https?:/, 'webcal:')}
              target="_blank"
              rel="noreferrer"
              className={buttonStyle({ kind: 'second' })}
            >
              {t('calendar.open')}
            </a>
          </div>
          <p className="mt-2 text-sm text-quiet">{t('calendar.secret')}</p>
          <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
            <button
              type="button"
              aria-disabled={isBusy}
              onClick={() => {
                ask(renewLink, 'renewed');
              }}
              className={buttonStyle({ kind: 'second', size: 'small' })}
            >
              {t(isBusy ? 'calendar.working' : 'calendar.renew')}
            </button>
            {t('calendar.renew.hint')}
          </p>
        </>
      )}
      <p role="status" className="mt-2">
        {state === 'renewed' && t('calendar.renewed')}
      </p>
      <ActionAlert problem={problem} unreachable="calendar.unreachable" />
    </section>
  );
}
