'use client';

import { useEffect, useSyncExternalStore } from 'react';

function onFullScreenChange(listener: () => void) {
  document.addEventListener('fullscreenchange', listener);
  return () => {
    document.removeEventListener('fullscreenchange', listener);
  };
}

/** Full screen: whether it is on, and whether the browser offers it at all (phones and frames may not). */
export function useFullScreen(): { isOffered: boolean; isOn: boolean; toggle: () => void } {
  const isOn = useSyncExternalStore(
    onFullScreenChange,
    () => document.fullscreenElement !== null,
    () => false,
  );
  const isOffered = useSyncExternalStore(
    onFullScreenChange,
    () => document.fullscreenEnabled,
    () => false,
  );
  return {
    isOffered,
    isOn,
    toggle: () => {
      // Refused, for example while another request is under way: the screen stays as it is.
      (isOn ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
    },
  };
}

function onSchemeChange(listener: () => void) {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', listener);
  return () => {
    dark.removeEventListener('change', listener);
  };
}

/** Whether the system asks for a dark screen. */
export function useSystemIsDark(): boolean {
  return useSyncExternalStore(
    onSchemeChange,
    () => matchMedia('(prefers-color-scheme: dark)').matches,
    () => false,
  );
}

/** Shows the page light or dark, whatever the system asks for; undefined: as the system does. */
export function useForcedScheme(scheme: 'light' | 'dark' | undefined): void {
  useEffect(() => {
    if (scheme === undefined) return;
    // The colours are worked out at the root: a class further in would come too late.
    const name = { light: 'scheme-light', dark: 'scheme-dark' }[scheme];
    document.documentElement.classList.add(name);
    return () => {
      document.documentElement.classList.remove(name);
    };
  }, [scheme]);
}

/** Keeps the screen from going dark while a code hangs on the wall, where the browser can. */
export function useWakeLock(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !('wakeLock' in navigator)) return;
    let lock: WakeLockSentinel | undefined;
    let ended = false;
    const hold = () => {
      if (document.visibilityState !== 'visible') return;
      // Low battery or a policy may forbid it: then the screen sleeps as it always did.
      navigator.wakeLock.request('screen').then(
        (held) => {
          lock = held;
          if (ended) void held.release();
        },
        () => {},
      );
    };
    hold();
    // The browser takes the lock back whenever the window is hidden.
    document.addEventListener('visibilitychange', hold);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', hold);
      void lock?.release();
    };
  }, [isWanted]);
}
