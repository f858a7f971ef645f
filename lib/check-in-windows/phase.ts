import { minuteMs } from '../base/minute.ts';
import type { Direction } from '../db/schema.ts';

// Apart from the rules of codes, so that a browser can load it: its screens turn with the clock, without being told.

/** Whoever leaves late, or whose check-out was forgotten, is let out for so long after the meeting's end. */
const checkOutAfterEndMs = 60 * minuteMs;

/** From when on nobody may open a window of this direction any more: what it showed would count for nothing. */
export function isTooLateToOpen(direction: Direction, meeting: { endsAt: Date }, now: Date): boolean {
  return now.getTime() >= meeting.endsAt.getTime() + (direction === 'out' ? checkOutAfterEndMs : 0);
}

/** Where a window that nobody has closed stands: still to come, taking codes, or past its time. */
export function phaseOf(window: { opensAt: Date; closesAt: Date }, now: Date): 'planned' | 'open' | 'over' {
  if (now < window.opensAt) return 'planned';
  return now < window.closesAt ? 'open' : 'over';
}
