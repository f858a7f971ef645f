'use client';

import { Plus, Trash2 } from 'lucide-react';
import { buttonStyle } from '../../../_components/button.tsx';
import { NumberField, RadioField, TimeField } from '../../../_components/fields.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import type { DraftFields } from './meeting-draft.ts';
import type { Filling } from './meeting-fields.tsx';

/** Breaks as minutes, or by the clock as many as there are. */
export function BreakFields({ draft, change, problem }: Filling<DraftFields>) {
  const t = useTranslate();
  const { breaks } = draft;
  const setBreaks = change('breaks');
  const setBreak = (index: number, part: Partial<(typeof breaks)[number]>) => {
    setBreaks(breaks.map((one, place) => (place === index ? { ...one, ...part } : one)));
  };
  return (
    <fieldset className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-3">
      <RadioField
        name="breaksBy"
        label={t('form.breaks')}
        value={draft.breaksBy}
        onChange={(by) => {
          change('breaksBy')(by);
          if (by === 'times' && breaks.length === 0) setBreaks([{ from: '', to: '' }]);
        }}
        problem={problem('breaks')}
        choices={[
          { value: 'minutes', label: t('form.breaks.minutes') },
          { value: 'times', label: t('form.breaks.times') },
        ]}
      />
      {draft.breaksBy === 'minutes' ? (
        <NumberField
          name="breakMinutes"
          label={t('form.break')}
          hint={t('form.break.hint')}
          minValue={0}
          maxValue={1440}
          value={draft.breakMinutes}
          onChange={change('breakMinutes')}
          problem={problem('breakMinutes')}
          className="max-w-60"
        />
      ) : (
        <>
          {breaks.length === 0 && <p className="text-sm text-quiet">{t('form.breaks.none')}</p>}
          {breaks.map((one, index) => (
            <div
              key={index}
              className="grid grid-cols-[minmax(0,10rem)_minmax(0,10rem)_auto] items-start gap-3"
            >
              <TimeField
                name={`breaks.${String(index)}.from`}
                label={t('form.break.from', { number: index + 1 })}
                value={one.from}
                onChange={(from) => {
                  setBreak(index, { from });
                }}
                problem={problem(`breaks.${String(index)}`)}
              />
              <TimeField
                name={`breaks.${String(index)}.to`}
                label={t('form.break.to', { number: index + 1 })}
                value={one.to}
                onChange={(to) => {
                  setBreak(index, { to });
                }}
              />
              <button
                type="button"
                aria-label={t('form.break.remove', { number: index + 1 })}
                onClick={() => {
                  setBreaks(breaks.filter((_, place) => place !== index));
                }}
                className={`${buttonStyle({ kind: 'quiet', size: 'small' })} mt-8 justify-self-start`}
              >
                <Trash2 aria-hidden className="size-4" />
              </button>
            </div>
          ))}
          <button
            type="button"
            onClick={() => {
              setBreaks([...breaks, { from: '', to: '' }]);
            }}
            className={`${buttonStyle({ kind: 'second', size: 'small' })} justify-self-start`}
          >
            <Plus aria-hidden className="size-4" />
            {t('form.break.add')}
          </button>
        </>
      )}
    </fieldset>
  );
}
