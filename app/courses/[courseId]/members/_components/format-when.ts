import { localOfInstant } from '#lib/base/time.ts';
import { formatDay, formatTime } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';

/** What a page's moments are told with. */
export interface Clock {
  t: Translate;
  timeZone: string;
  now: Date;
}

/** A day of the course's clock, with its year where that is another one. */
export function tellDay(at: Date, { t, timeZone, now }: Clock): string {
  const year = (moment: Date) => localOfInstant(moment, timeZone).slice(0, 4);
  return formatDay(at, timeZone, t.language, { year: year(at) !== year(now) });
}

/** The same of a day as text, "2026-10-12". */
export function tellDate(day: string, clock: Clock): string {
  return tellDay(new Date(`${day}T12:00:00Z`), { ...clock, timeZone: 'UTC' });
}

/** Today by the clock alone, else the day with it. */
export function tellMoment(at: Date, clock: Clock): string {
  const { t, timeZone, now } = clock;
  const time = formatTime(at, timeZone, t.language);
  const isToday = localOfInstant(at, timeZone).slice(0, 10) === localOfInstant(now, timeZone).slice(0, 10);
  return isToday ? time : `${tellDay(at, clock)}, ${time}`;
}
