import type { Ref } from 'react';
import { formatDay } from '#lib/i18n/format.ts';
import type { PreviewDay } from '#lib/meetings/preview-series.ts';
import { CheckboxField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';

/** The dates of a series, to look at before saving; what does not take place is struck out. */
export function DayList({
  ref,
  days,
  struck,
  problem,
  onStrike,
}: {
  ref: Ref<HTMLElement>;
  days: readonly PreviewDay[];
  /** Days that were unticked here; others are left out by the holidays above. */
  struck: readonly string[];
  problem: string | undefined;
  onStrike: (date: string, isStruck: boolean) => void;
}) {
  const t = useTranslate();
  const planned = days.filter(({ state }) => state === 'planned').length;
  return (
    <section
      ref={ref}
      tabIndex={-1}
      aria-labelledby="series-dates"
      className="rounded-md border border-line bg-sunken p-4"
    >
      <h2 id="series-dates" className="text-lg font-semibold" aria-live="polite">
        {t('series.dates', { count: planned })}
      </h2>
      <p className="text-quiet">{t('series.dates.lead')}</p>
      {problem !== undefined && (
        <p role="alert" className="mt-2 font-medium text-danger">
          {problem}
        </p>
      )}
      <ul className="mt-3 grid gap-x-6 sm:grid-cols-2 md:grid-cols-3">
        {days.map((day) => (
          <li key={day.date}>
            {day.state === 'skipped' && !struck.includes(day.date) ? (
              <p className="-mt-px flex min-h-8 items-start gap-2.5 py-1 pl-7.5 text-quiet">
                <s>{spell(day.date, t.language)}</s> {t('series.dates.holiday')}
              </p>
            ) : (
              <CheckboxField
                name={`day.${day.date}`}
                label={
                  day.state === 'skipped' ? (
                    <s className="text-quiet">{spell(day.date, t.language)}</s>
                  ) : (
                    <span className="tabular-nums">{spell(day.date, t.language)}</span>
                  )
                }
                hint={
                  day.state === 'impossible' ? (
                    <span className="font-medium text-danger">{t(day.problem)}</span>
                  ) : undefined
                }
                // At once, before the list has come again.
                value={day.state !== 'skipped' && !struck.includes(day.date)}
                onChange={(takesPlace) => {
                  onStrike(day.date, !takesPlace);
                }}
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The date is taken as UTC, so that it does not depend on any zone. */
function spell(date: string, language: Parameters<typeof formatDay>[2]): string {
  return formatDay(new Date(`${date}T00:00:00Z`), 'UTC', language, { year: true });
}
