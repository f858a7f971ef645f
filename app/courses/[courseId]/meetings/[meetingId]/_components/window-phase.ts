import type { RegisterView } from '#lib/attendance/load-register.ts';
import { checkOutAfterEndMs } from '#lib/base/check-out-after-end.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
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
  const window = windows.find((one) => one.direction === direction);
  if (window !== undefined && nowMs < Date.parse(window.closesAt)) {
    return nowMs < Date.parse(window.opensAt) ? 'planned' : 'open';
  }
  const lastMs = Date.parse(meeting.endsAt) + (direction === 'out' ? checkOutAfterEndMs : 0);
  return nowMs >= lastMs ? 'over' : 'closed';
}

/** `08:45`; with its day where that is not today. */
export function tellWhen(at: Date, timeZone: string, language: Language, nowMs: number): string {
  const day = (of: Date) => formatDay(of, timeZone, language, { year: true });
  const time = formatTime(at, timeZone, language);
  return day(at) === day(new Date(nowMs)) ? time : `${formatDay(at, timeZone, language)} ${time}`;
}
