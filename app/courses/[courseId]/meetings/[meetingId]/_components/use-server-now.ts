'use client';

import { useCallback, useEffect, useRef, useState } from 'react';

/** The longest that a timer can wait. */
const longestMs = 2 ** 31 - 1;

/** The server's time when asked for, in epoch milliseconds: the laptop's own clock may be wrong. */
export function useServerNow(serverNow: string): () => number {
  const offsetMs = useRef(0);
  useEffect(() => {
    offsetMs.current = Date.parse(serverNow) - Date.now();
  }, [serverNow]);
  return useCallback(() => Date.now() + offsetMs.current, []);
}

/** Whether a meeting has begun, and whether it is over; told when it changes. */
export function useCourseOfTime(
  { startsAt, endsAt }: { startsAt: string; endsAt: string },
  now: () => number,
): 'before' | 'during' | 'after' {
  const [phase, setPhase] = useState<'before' | 'during' | 'after'>('before');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const at = now();
      const next = [Date.parse(startsAt), Date.parse(endsAt)].find((boundary) => at < boundary);
      setPhase(next === undefined ? 'after' : next === Date.parse(startsAt) ? 'before' : 'during');
      if (next !== undefined) timer = setTimeout(look, Math.min(next - at, longestMs));
    };
    timer = setTimeout(look, 0);
    return () => {
      clearTimeout(timer);
    };
  }, [startsAt, endsAt, now]);
  return phase;
}
