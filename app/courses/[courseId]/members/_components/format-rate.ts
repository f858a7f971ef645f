import { tenthsOfPercent } from '#lib/attendance/rules.ts';
import type { Rate } from '#lib/attendance/rules.ts';
import type { Language } from '#lib/i18n/languages.ts';

const locales = { de: 'de-DE', en: 'en-GB' } as const;

/** `69.9 %`, rounded down: nobody is shown at a threshold that they have not reached. Whole for headlines. */
export function formatRate(rate: Rate, language: Language, options: { whole: boolean }): string {
  const tenths = tenthsOfPercent(rate);
  const shown = options.whole ? Math.floor(tenths / 10) : tenths / 10;
  const digits = options.whole ? 0 : 1;
  const number = new Intl.NumberFormat(locales[language], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(shown);
  return `${number}\u00A0%`;
}
