import type { ExcuseDraft } from './excuse-draft.ts';

/**
 * What a student has entered and not handed in. The browser keeps it until the tab is closed, so that a reload, a way back
 * or a camera that pushes the page out of a phone's memory loses nothing, and nothing about an illness stays on a shared
 * computer. By member: whoever signs in next does not see it.
 */
export interface DraftStore {
  /** What the server renders, which does not know what the browser keeps. */
  initial: ExcuseDraft;
  watch: (watcher: () => void) => () => void;
  state: () => ExcuseDraft;
  change: (changes: Partial<ExcuseDraft>) => void;
  /** It was handed in. */
  end: () => void;
}

export function openDraft(
  membershipId: string,
  initial: ExcuseDraft,
  /** Undefined: it is no longer needed. */
  goOn: (left: ExcuseDraft) => ExcuseDraft | undefined,
): DraftStore {
  const key = `sk-excuse/${membershipId}`;
  const left = readKept(key);
  let draft = (left === undefined ? undefined : goOn({ ...initial, ...left })) ?? initial;
  const watchers = new Set<() => void>();
  return {
    initial,
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    state: () => draft,
    change: (changes) => {
      draft = { ...draft, ...changes };
      keep(key, JSON.stringify(draft));
      for (const watcher of watchers) watcher();
    },
    end: () => {
      keep(key, undefined);
    },
  };
}

/**
 * Some browsers give a frame of another site no storage. There the tab's own history keeps it: as long, and through a
 * reload just as well.
 */
function readKept(key: string): Partial<ExcuseDraft> | undefined {
  // The server's own rendering keeps nothing.
  if (typeof window === 'undefined') return undefined;
  let kept: unknown;
  try {
    kept = sessionStorage.getItem(key);
  } catch {
    kept = (history.state as Record<string, unknown> | null)?.[key];
  }
  try {
    return typeof kept === 'string' ? (JSON.parse(kept) as Partial<ExcuseDraft>) : undefined;
  } catch {
    return undefined;
  }
}

function keep(key: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    history.replaceState({ ...(history.state as object | null), [key]: text }, '');
  }
}
