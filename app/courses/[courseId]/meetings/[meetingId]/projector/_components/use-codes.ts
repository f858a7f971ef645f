'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { CodesView } from '#lib/check-in-windows/load-codes.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { phaseOf } from '#lib/check-in-windows/phase.ts';
import { useServerClock } from '../../_components/use-server-clock.ts';

/** Codes reach a minute ahead: asked this often, at least 40 s are in hand when the network goes. */
const pollMs = 20_000;
const pollAgainMs = 2_000;
const patienceMs = 5_000;
const clockJumpMs = 1_000;

type Code = CodesView['codes'][number];

export interface Codes {
  window: CodesView['window'];
  /** The code of this second; undefined when none is in hand. */
  current: Code | undefined;
  nowMs: number;
  /** How long the codes in hand last. */
  secondsInHand: number;
  connection: 'live' | 'lost' | 'refused' | 'gone';
  /** Asks now, because something changed. */
  ask: () => void;
}

/** The wall's codes, asked for ahead of time and turned by the server's clock. */
export function useCodes(
  { courseId, meetingId, direction }: { courseId: string; meetingId: string; direction: Direction },
  initial: CodesView,
): Codes {
  const [held, setHeld] = useState<CodesView>(initial);
  const [connection, setConnection] = useState<Codes['connection']>('live');
  const { nowMs, set: setClock } = useServerClock(initial.serverNow);
  const askNow = useRef<() => void>(() => {});

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking: AbortController | undefined;

    const poll = async () => {
      clearTimeout(timer);
      // An older answer must not come after a newer one.
      asking?.abort();
      const mine = new AbortController();
      asking = mine;
      const sentAt = Date.now();
      try {
        const answer = await fetch(
          `/api/courses/${courseId}/meetings/${meetingId}/codes?direction=${direction}`,
          {
            headers: { accept: 'application/json' },
            signal: AbortSignal.any([mine.signal, AbortSignal.timeout(patienceMs)]),
          },
        );
        if ([401, 403, 404].includes(answer.status)) {
          setConnection(answer.status === 404 ? 'gone' : 'refused');
          // Whoever signs in again elsewhere, or takes a deletion back, finds it as it was.
          timer = setTimeout(() => void poll(), pollMs);
          return;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const codes = (await answer.json()) as CodesView;
        setHeld(codes);
        setClock(Date.parse(codes.serverNow) + (Date.now() - sentAt) / 2);
        setConnection('live');
        timer = setTimeout(() => void poll(), pollMs);
      } catch {
        if (mine.signal.aborted) return;
        setConnection('lost');
        timer = setTimeout(() => void poll(), pollAgainMs);
      }
    };
    askNow.current = () => void poll();

    // The page may have been on its way for a while, or come out of the browser's cache.
    void poll();
    const again = () => void poll();
    const lookedAt = () => {
      if (document.visibilityState === 'visible') void poll();
    };
    window.addEventListener('online', again);
    window.addEventListener('offline', again);
    document.addEventListener('visibilitychange', lookedAt);
    return () => {
      clearTimeout(timer);
      asking?.abort();
      window.removeEventListener('online', again);
      window.removeEventListener('offline', again);
      document.removeEventListener('visibilitychange', lookedAt);
    };
  }, [courseId, meetingId, direction, setClock]);

  const ask = useCallback(() => {
    askNow.current();
  }, []);

  // A laptop that slept, or whose clock was set: what is in hand may be of another time.
  const clocksApart = useRef<number>(undefined);
  useEffect(() => {
    const apart = Date.now() - performance.now();
    if (Math.abs(apart - (clocksApart.current ?? apart)) > clockJumpMs) ask();
    clocksApart.current = apart;
  }, [nowMs, ask]);

  const at = (code: Code) => Date.parse(code.from) <= nowMs && nowMs < Date.parse(code.until);
  const last = held.codes.at(-1);
  const endsMs = last === undefined ? 0 : Date.parse(last.until);
  const current = held.codes.find(at);
  const isMissing =
    current === undefined &&
    held.window !== null &&
    phaseOf(
      { opensAt: new Date(held.window.opensAt), closesAt: new Date(held.window.closesAt) },
      new Date(nowMs),
    ) === 'open';
  useEffect(() => {
    if (isMissing) ask();
  }, [isMissing, ask]);
  return {
    window: held.window,
    current,
    nowMs,
    secondsInHand: Math.max(0, Math.round((endsMs - nowMs) / 1000)),
    connection,
    ask,
  };
}
