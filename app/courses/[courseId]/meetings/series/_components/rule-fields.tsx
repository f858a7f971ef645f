import { Plus, Trash2 } from 'lucide-react';
import { formatWeekday } from '#lib/i18n/format.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { CheckboxesField, DateField, NumberField, RadioField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { Filling } from '../../../_components/meeting-fields.tsx';
import type { SeriesDraft } from './series-draft.ts';

/** 1 January 2024 was a Monday: the week that lends its names. */
const weekdays = [1, 2, 3, 4, 5, 6, 7].map((number) => ({
  value: String(number),
  date: `2024-01-0${String(number)}`,
}));

/** On which days a series takes place, until when, and on which not. */
export function RuleFields({ draft, change, problem }: Filling<SeriesDraft>) {
  const t = useTranslate();
  const words = {
    open: t('form.open-calendar'),
    previous: t('form.previous-month'),
    next: t('form.next-month'),
  };
  const { skip } = draft;
  const setSkip = change('skip');
  const setOne = (index: number, part: Partial<(typeof skip)[number]>) => {
    setSkip(skip.map((one, place) => (place === index ? { ...one, ...part } : one)));
  };
  return (
    <>
      <CheckboxesField
        name="weekdays"
        label={t('series.weekdays')}
        value={draft.weekdays}
        onChange={change('weekdays')}
        problem={problem('weekdays')}
        choices={weekdays.map(({ value, date }) => ({
          value,
          label: formatWeekday(date, t.language, 'short'),
          spoken: formatWeekday(date, t.language),
        }))}
        pills
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <DateField
          name="startDate"
          label={t('series.start')}
          hint={draft.startDate === '' ? undefined : formatWeekday(draft.startDate, t.language)}
          value={draft.startDate}
          onChange={change('startDate')}
          problem={problem('startDate')}
          words={words}
        />
        <NumberField
          name="everyWeeks"
          label={t('series.every.label')}
          hint={t('series.every.hint', { count: draft.everyWeeks })}
          minValue={1}
          maxValue={52}
          value={draft.everyWeeks}
          onChange={change('everyWeeks')}
          problem={problem('everyWeeks')}
        />
      </div>
      <div className="grid gap-3">
        <RadioField
          name="endsBy"
          label={t('series.ends')}
          value={draft.endsBy}
          onChange={change('endsBy')}
          choices={[
            { value: 'count', label: t('series.ends.count') },
            { value: 'date', label: t('series.ends.date') },
          ]}
        />
        {draft.endsBy === 'date' ? (
          <DateField
            name="untilDate"
            label={t('series.until')}
            value={draft.untilDate}
            onChange={change('untilDate')}
            problem={problem('untilDate')}
            className="max-w-72"
            words={words}
          />
        ) : (
          <NumberField
            name="count"
            label={t('series.count')}
            hint={t('series.count.hint')}
            minValue={0}
            value={draft.count}
            onChange={change('count')}
            problem={problem('count')}
            className="max-w-72"
          />
        )}
      </div>
      <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
        <legend className="mb-1 font-medium">{t('series.skip')}</legend>
        <p className="text-sm text-quiet">{t('series.skip.hint')}</p>
        {skip.map((one, index) => (
          <div key={index} className="flex flex-wrap items-start gap-3">
            <DateField
              name={`skip.${String(index)}.from`}
              label={t('series.skip.from', { number: index + 1 })}
              value={one.from}
              onChange={(from) => {
                // One day off is the usual holiday.
                setOne(index, one.to === '' || one.to === one.from ? { from, to: from } : { from });
              }}
              problem={problem(`skip.${String(index)}`)}
              className="w-56"
              words={words}
            />
            <DateField
              name={`skip.${String(index)}.to`}
              label={t('series.skip.to', { number: index + 1 })}
              value={one.to}
              onChange={(to) => {
                setOne(index, { to });
              }}
              className="w-56"
              words={words}
            />
            <button
              type="button"
              aria-label={t('series.skip.remove', { number: index + 1 })}
              onClick={() => {
                setSkip(skip.filter((_, place) => place !== index));
              }}
              className={`${buttonStyle({ kind: 'quiet', size: 'small' })} mt-8`}
            >
              <Trash2 aria-hidden className="size-4" />
            </button>
          </div>
        ))}
        <button
          type="button"
          onClick={() => {
            setSkip([...skip, { from: '', to: '' }]);
          }}
          className={`${buttonStyle({ kind: 'second', size: 'small' })} justify-self-start`}
        >
          <Plus aria-hidden className="size-4" />
          {t('series.skip.add')}
        </button>
      </fieldset>
    </>
  );
}
