'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { isOfOwnRelease } from './new-version.tsx';

/**
 * Loads the page's data again when somebody comes back to it, and every so often while they look at it. What
 * they are typing stays.
 */
export function KeepFresh({ everySeconds }: { everySeconds?: number }) {
  const router = useRouter();
  const hasTyped = useRef(false);
  useEffect(() => {
    let asking = false;
    const refresh = async () => {
      if (asking || document.visibilityState !== 'visible') return;
      asking = true;
      try {
        // Without network, or without a database, a refresh would leave the page for an error.
        const answer = await fetch('/health/ready', { cache: 'no-store' });
        if (!answer.ok) return;
        // With the data of another release Next loads the whole document, and what was typed would be gone.
        if (hasTyped.current && !isOfOwnRelease(answer)) return;
        router.refresh();
      } catch {
        // The next time will do.
      } finally {
        asking = false;
      }
    };
    const onReturn = () => void refresh();
    const onInput = () => {
      hasTyped.current = true;
    };
    document.addEventListener('input', onInput);
    document.addEventListener('visibilitychange', onReturn);
    window.addEventListener('focus', onReturn);
    const timer = everySeconds === undefined ? undefined : setInterval(onReturn, everySeconds * 1000);
    return () => {
      document.removeEventListener('input', onInput);
      document.removeEventListener('visibilitychange', onReturn);
      window.removeEventListener('focus', onReturn);
      clearInterval(timer);
    };
  }, [router, everySeconds]);
  return null;
}
