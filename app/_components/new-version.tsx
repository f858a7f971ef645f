'use client';

import { RotateCw } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { releaseHeader } from '#lib/base/release.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';
import { buttonStyle } from './button.tsx';
import { useTranslate } from './language.tsx';

/** Next's word on a server action that this release does not know: the page is of another one. */
const notFoundHeader = 'x-nextjs-action-not-found';

let isOld = false;
const listeners = new Set<() => void>();

/** From now on this page is known to be of a release that is gone. */
function noteOldPage(): void {
  isOld = true;
  for (const listener of listeners) listener();
}

/** Whether an answer comes from the release that made this page (app/layout.tsx); where not, the page says so from now on. */
export function isOfOwnRelease(answer: Response): boolean {
  const { release: own = '' } = document.documentElement.dataset;
  const theirs = answer.headers.get(releaseHeader) ?? '';
  if (own === '' || theirs === '' || own === theirs) return true;
  noteOldPage();
  return false;
}

/**
 * What is said where no answer came: where the page is of an old release, it would never come.
 *
 * @param usual the sentence for a lost network
 */
export function lostAnswer(usual: MessageKey, outdated: MessageKey = 'release.lost'): MessageKey {
  return isOld ? outdated : usual;
}

// In one place, for every form and button: each catches what its action throws, and nothing tells them all apart.
if (typeof window !== 'undefined') {
  const ask = window.fetch.bind(window);
  window.fetch = async (...given) => {
    const answer = await ask(...given);
    if (answer.headers.get(notFoundHeader) === '1') noteOldPage();
    return answer;
  };
}

/** A page that was opened before a release hears of it when it is needed; nothing that was typed is thrown away. */
export function NewVersion() {
  const t = useTranslate();
  const isShown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isOld,
    () => false,
  );
  return (
    <div role="alert" className="sticky top-0 z-[100002] flex justify-center pb-4 empty:hidden">
      {isShown && (
        <div className="flex max-w-full flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-brand bg-paper p-4 shadow-pop">
          <p className="min-w-0 flex-1 basis-64">
            <strong className="block font-semibold">{t('release.new')}</strong>
            {t('release.kept')}
          </p>
          <ReloadButton />
        </div>
      )}
    </div>
  );
}

export function ReloadButton() {
  const t = useTranslate();
  return (
    <button
      type="button"
      className={buttonStyle({ kind: 'primary' })}
      onClick={() => {
        window.location.reload();
      }}
    >
      <RotateCw aria-hidden className="size-4" />
      {t('release.reload')}
    </button>
  );
}
