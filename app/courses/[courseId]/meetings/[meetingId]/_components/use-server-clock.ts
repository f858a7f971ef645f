'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * The server's time, told each second: the laptop's own clock may be wrong. `set` corrects it by a reading of
 * the server's clock.
 */
export function useServerClock(serverNow: string): { nowMs: number; set: (serverNowMs: number) => void } {
  const [nowMs, setNowMs] = useState(() => Date.parse(serverNow));
  const offsetMs = useRef<number | undefined>(undefined);

  const set = useCallback((serverNowMs: number) => {
    offsetMs.current = serverNowMs - Date.now();
    setNowMs(serverNowMs);
  }, []);

  useEffect(() => {
    offsetMs.current ??= Date.parse(serverNow) - Date.now();
    let timer: ReturnType<typeof setTimeout>;
    // On the server's full seconds, so that codes change when they do, and all countdowns step together.
    const tick = () => {
      const now = Date.now() + (offsetMs.current ?? 0);
      setNowMs(now);
      timer = setTimeout(tick, 1000 - (now % 1000) + 5);
    };
    timer = setTimeout(tick, 0);
    return () => {
      clearTimeout(timer);
    };
  }, [serverNow]);

  return { nowMs, set };
}
