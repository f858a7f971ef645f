import { formatDay, formatMinutes } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import type { AttendanceOfWeek } from './attendance-by-week.ts';
import { weekName } from './week-name.ts';

/** What was expected each week and what counted: a picture, and the same as a table. */
export function WeekChart({
  weeks,
  isCut,
  today,
  t,
}: {
  weeks: readonly AttendanceOfWeek[];
  /** Earlier weeks are left out. */
  isCut: boolean;
  today: string;
  t: Translate;
}) {
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (first === undefined || last === undefined) return null;
  const columns = last.index + 1;
  const highest = Math.max(...weeks.map(({ expectedMinutes }) => expectedMinutes));
  const percent = (part: number, whole: number) => `${String((part / whole) * 100)}%`;
  const dayOf = (monday: string) =>
    formatDay(new Date(`${monday}T00:00:00Z`), 'UTC', t.language, {
      year: monday.slice(0, 4) !== today.slice(0, 4),
    });
  return (
    <section aria-labelledby="weeks" className="mt-8">
      <h2 id="weeks" className="text-lg font-semibold">
        {t('mine.weeks.title')}
      </h2>
      <p aria-hidden className="mt-1 flex flex-wrap gap-x-4 text-sm text-quiet">
        <span className="inline-flex items-center gap-1.5">
          <span className="size-3 rounded-[2px] border border-edge bg-sunken" />
          {t('mine.weeks.frame')}
        </span>
        <span className="inline-flex items-center gap-1.5">
          <span className="size-3 rounded-[2px] border border-edge bg-brand" />
          {t('mine.weeks.filled')}
        </span>
        {isCut && <span>{t('mine.weeks.latest', { count: columns })}</span>}
      </p>
      <div role="img" aria-label={t('mine.weeks.picture')} className="mt-3 max-w-2xl">
        <div
          className="grid h-28 items-end gap-x-[2px] border-b border-edge"
          // A few weeks stay narrow columns at the left, many share the width.
          style={{ gridTemplateColumns: `repeat(${String(Math.max(columns, 12))}, minmax(0, 1fr))` }}
        >
          {weeks.map(({ monday, index, expectedMinutes, countedMinutes }) => (
            <span
              key={monday}
              className="flex min-h-1 flex-col justify-end overflow-hidden rounded-t-[3px] border border-b-0 border-edge bg-sunken"
              style={{ gridColumn: index + 1, gridRow: 1, height: percent(expectedMinutes, highest) }}
            >
              <span className="bg-brand" style={{ height: percent(countedMinutes, expectedMinutes) }} />
            </span>
          ))}
        </div>
        <p className="mt-1 flex justify-between text-sm text-quiet tabular-nums">
          <span>{dayOf(first.monday)}</span>
          {columns >= 12 && <span>{dayOf(last.monday)}</span>}
        </p>
      </div>
      <details className="mt-1">
        <summary className="w-fit cursor-pointer py-1 text-brand">{t('mine.weeks.table')}</summary>
        <table className="mt-1 w-full max-w-2xl border-collapse text-left tabular-nums">
          <thead>
            <tr className="border-b border-edge text-sm text-quiet">
              <th scope="col" className="py-1.5 pr-3 font-normal">
                {t('mine.weeks.week')}
              </th>
              <th scope="col" className="py-1.5 pr-3 text-right font-normal">
                {t('mine.weeks.frame')}
              </th>
              <th scope="col" className="py-1.5 text-right font-normal">
                {t('mine.weeks.filled')}
              </th>
            </tr>
          </thead>
          <tbody>
            {weeks.toReversed().map(({ monday, expectedMinutes, countedMinutes }) => (
              <tr key={monday} className="border-b border-line">
                <th scope="row" className="py-1.5 pr-3 font-normal">
                  {weekName(monday, today, t)}
                </th>
                <td className="py-1.5 pr-3 text-right whitespace-nowrap">{formatMinutes(expectedMinutes)}</td>
                <td className="py-1.5 text-right whitespace-nowrap">{formatMinutes(countedMinutes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
