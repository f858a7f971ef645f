'use client';

import { CheckboxField, TimeField } from '../../../_components/fields.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { mayEndNextDay } from './meeting-draft.ts';
import type { DraftFields } from './meeting-draft.ts';
import type { Filling } from './meeting-fields.tsx';

/** From and to; and, where the end comes before the start, whether it is meant of the next day. */
export function TimeFields({ draft, change, problem }: Filling<DraftFields>) {
  const t = useTranslate();
  // That the end is of the next day was said of other times, perhaps of the meeting which the form began with.
  const changeTime = (field: 'from' | 'to') => (time: string) => {
    if (time !== draft[field]) change('endsNextDay')(false);
    change(field)(time);
  };
  return (
    <>
      <TimeField
        name="from"
        label={t('form.from')}
        value={draft.from}
        onChange={changeTime('from')}
        problem={problem('from')}
      />
      <TimeField
        name="to"
        label={t('form.to')}
        value={draft.to}
        onChange={changeTime('to')}
        problem={problem('to')}
      />
      {mayEndNextDay(draft) && (
        <CheckboxField
          name="endsNextDay"
          label={t('form.ends-next-day')}
          hint={t('form.ends-next-day.hint')}
          value={draft.endsNextDay}
          onChange={change('endsNextDay')}
          className="sm:col-span-full"
        />
      )}
    </>
  );
}
