'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

/**
 * Loads the page's data again when somebody comes back to it, and every so often while they look at it. What
 * they are typing stays.
 */
export function KeepFresh({ everySeconds }: { everySeconds?: number }) {
  const router = useRouter();
  useEffect(() => {
    let asking = false;
    const refresh = async () => {
      if (asking || document.visibilityState !== 'visible') return;
      asking = true;
      try {
        // Without network a refresh would leave the page for the browser's own error.
        if ((await fetch('/health', { cache: 'no-store' })).ok) router.refresh();
      } catch {
        // The next time will do.
      } finally {
        asking = false;
      }
    };
    const onReturn = () => void refresh();
    document.addEventListener('visibilitychange', onReturn);
    window.addEventListener('focus', onReturn);
    const timer = everySeconds === undefined ? undefined : setInterval(onReturn, everySeconds * 1000);
    return () => {
      document.removeEventListener('visibilitychange', onReturn);
      window.removeEventListener('focus', onReturn);
      clearInterval(timer);
    };
  }, [router, everySeconds]);
  return null;
}
