/** How long a code has to be out of sight before it is taken again: it stays before the camera for a while. */
const restMs = 3_000;

/** A code that a camera sees in one picture. */
export interface SeenCode {
  text: string;
  /** It carries its own error correction; a bare barcode may be misread, and has to be seen twice. */
  isSure: boolean;
}

/**
 * Makes one scan of the many pictures in which a camera sees the same code.
 *
 * @returns a function that takes what one picture shows, and answers what is to be handled now
 */
export function createScanFilter(): (seen: readonly SeenCode[], nowMs: number) => string | undefined {
  let last: { text: string; seenMs: number; isTaken: boolean } | undefined;
  return (seen, nowMs) => {
    const code = seen[0];
    if (code === undefined) return undefined;
    const { text, isSure } = code;
    const isSame = last?.text === text && nowMs - last.seenMs < restMs;
    if (!isSame) {
      last = { text, seenMs: nowMs, isTaken: isSure };
      return isSure ? text : undefined;
    }
    if (last === undefined) return undefined;
    last.seenMs = nowMs;
    if (last.isTaken) return undefined;
    last.isTaken = true;
    return text;
  };
}
