import { useEffect, useState } from 'react';

const shownMs = 10_000;

/**
 * Ends what was told for a moment after ten seconds; while a pointer or the keyboard is on it, it waits. `onEnd` must stay
 * the same, else the time begins anew.
 *
 * @returns the handlers of the element that waits
 */
export function useEnding(onEnd: () => void) {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(onEnd, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [isHeld, onEnd]);
  const hold = () => {
    setHeld(true);
  };
  const release = () => {
    setHeld(false);
  };
  return { onPointerEnter: hold, onPointerLeave: release, onFocus: hold, onBlur: release };
}
