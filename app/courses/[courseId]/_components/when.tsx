import { formatDay, formatTimeRange } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';

/** A meeting's day and times, each unbroken; beside each other where there is room. Struck out when it is cancelled. */
export function When({
  meeting: { startsAt, endsAt, timeZone, localStart, state },
  thisYear,
  language,
}: {
  meeting: {
    startsAt: Date;
    endsAt: Date;
    timeZone: string;
    localStart: string;
    state: 'planned' | 'cancelled';
  };
  /** Other years are spelled out. */
  thisYear: string;
  language: Language;
}) {
  return (
    <p
      className={`flex flex-wrap gap-x-2.5 whitespace-nowrap tabular-nums ${state === 'cancelled' ? 'text-quiet line-through' : ''}`}
    >
      <span>{formatDay(startsAt, timeZone, language, { year: !localStart.startsWith(thisYear) })}</span>
      <span className="text-quiet">{formatTimeRange(startsAt, endsAt, timeZone, language)}</span>
    </p>
  );
}
