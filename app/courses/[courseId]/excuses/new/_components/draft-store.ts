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

/** Where the browser keeps nothing (a frame that may not, or the server's own rendering), the page alone remembers. */
function readKept(key: string): Partial<ExcuseDraft> | undefined {
  try {
    const kept = sessionStorage.getItem(key);
    return kept === null ? undefined : (JSON.parse(kept) as Partial<ExcuseDraft>);
  } catch {
    return undefined;
  }
}

function keep(key: string, text: string | undefined): void {
  try {
    if (text === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, text);
  } catch {
    // Remembered while the page is open.
  }
}
