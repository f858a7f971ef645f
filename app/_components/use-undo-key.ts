'use client';

import { useEffect, useEffectEvent } from 'react';

/** Ctrl+Z (Cmd+Z) undoes, wherever the keyboard stands: a button that did its work may be gone. */
export function useUndoKey(undo: () => void): void {
  // As of what is shown now: an effect that waits for each new `undo` would come a moment after the button for it.
  const undoShown = useEffectEvent(undo);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
      // In a field it takes back what was typed.
      const isTyping =
        event.target instanceof Element && event.target.closest('input, textarea, [role="dialog"]');
      if (!isUndo || isTyping) return;
      event.preventDefault();
      undoShown();
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, []);
}
