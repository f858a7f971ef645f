import { formatDay } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { weeksBetween } from '#lib/meetings/rules.ts';

/** "This week", or the week's Monday; with the year where it is not today's. */
export function weekName(monday: string, today: string, t: Translate): string {
  switch (weeksBetween(today, monday)) {
    case 0:
      return t('home.week.this');
    case 1:
      return t('home.week.next');
    case -1:
      return t('home.week.last');
    default: {
      const year = monday.slice(0, 4) !== today.slice(0, 4);
      // The date is taken as UTC, so that it does not depend on any zone.
      const day = formatDay(new Date(`${monday}T00:00:00Z`), 'UTC', t.language, { year });
      return t('home.week.of', { day });
    }
  }
}
