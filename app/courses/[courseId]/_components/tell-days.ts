import type { Translate } from '#lib/i18n/translate.ts';

/** `30 days`, and whole years as years. */
export function tellDays(days: number, t: Translate): string {
  return days % 365 === 0 ? t('privacy.years', { count: days / 365 }) : t('privacy.days', { count: days });
}
