import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { isTooLateToOpen, phaseOf } from '#lib/check-in-windows/phase.ts';
import { formatDay, formatTime } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';

/** `over`: it cannot be opened any more. */
export type Phase = 'closed' | 'planned' | 'open' | 'over';

/** Where the check-in, or the check-out, stands: nobody announces that its time has come or is up; the clock does. */
export function phaseAt(
  { meeting, windows }: Pick<RegisterView, 'meeting' | 'windows'>,
  direction: Direction,
  nowMs: number,
): Phase {
  const now = new Date(nowMs);
  const window = windows.find((one) => one.direction === direction);
  if (window !== undefined) {
    const times = { opensAt: new Date(window.opensAt), closesAt: new Date(window.closesAt) };
    const phase = phaseOf(times, now);
    if (phase !== 'over') return phase;
  }
  return isTooLateToOpen(direction, { endsAt: new Date(meeting.endsAt) }, now) ? 'over' : 'closed';
}

/** Whether more minutes make it last longer: a check-in ends with its meeting at the latest. */
export function canBeProlonged(
  meeting: { endsAt: string },
  window: { direction: Direction; closesAt: string },
): boolean {
  return window.direction === 'out' || Date.parse(window.closesAt) < Date.parse(meeting.endsAt);
}

/** `08:45`; with its day where that is not today. */
export function tellWhen(at: Date, timeZone: string, language: Language, nowMs: number): string {
  const day = (of: Date) => formatDay(of, timeZone, language, { year: true });
  const time = formatTime(at, timeZone, language);
  return day(at) === day(new Date(nowMs)) ? time : `${formatDay(at, timeZone, language)} ${time}`;
}
