'use client';

import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
/** Where the browser keeps nothing (private windows, blocked storage), the page remembers while it is open. */
const unkept = new Map<string, string>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readKept(key: string): string | undefined {
  const here = unkept.get(key);
  if (here !== undefined) return here;
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * A choice that this browser remembers. The server, which does not know it, renders the first option; `isKnown` is false
 * until the browser has been asked.
 */
export function useKeptChoice<const Option extends string>(
  key: string,
  options: readonly [Option, ...Option[]],
): [choice: Option, choose: (chosen: Option) => void, isKnown: boolean] {
  const kept = useSyncExternalStore(
    subscribe,
    () => readKept(key) ?? '',
    () => undefined,
  );
  const choose = useCallback(
    (chosen: Option) => {
      unkept.set(key, chosen);
      try {
        localStorage.setItem(key, chosen);
      } catch {
        // Remembered while the page is open.
      }
      for (const listener of listeners) listener();
    },
    [key],
  );
  return [options.find((option) => option === kept) ?? options[0], choose, kept !== undefined];
}
