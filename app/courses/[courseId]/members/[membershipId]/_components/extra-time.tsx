'use client';

import { useState } from 'react';
import { ActionAlert } from '../../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { NumberField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { mostExtraMinutes } from '#lib/base/extra-minutes.ts';
import { useAction } from '../../../../../_components/use-action.ts';
import { saveExtraMinutes } from '../../actions.ts';

/** More time at the check-in, for a student who needs it. */
export function ExtraTime({
  courseId,
  membershipId,
  initial,
}: {
  courseId: string;
  membershipId: string;
  initial: number;
}) {
  const t = useTranslate();
  const [minutes, setMinutes] = useState(initial);
  const [saved, setSaved] = useState(initial);
  const [isSaid, setSaid] = useState(false);
  const { isBusy, problem, run } = useAction();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setSaid(false);
        run(
          () => saveExtraMinutes({ courseId, membershipId }, minutes),
          () => {
            setSaved(minutes);
            setSaid(true);
          },
        );
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <NumberField
          name="extraMinutes"
          label={t('extra-time.minutes')}
          value={minutes}
          minValue={0}
          maxValue={mostExtraMinutes}
          onChange={(next) => {
            setMinutes(next);
            setSaid(false);
          }}
          className="w-36"
        />
        <button
          type="submit"
          disabled={isBusy || minutes === saved}
          className={buttonStyle({ kind: 'second' })}
        >
          {t(isBusy ? 'extra-time.saving' : 'extra-time.save')}
        </button>
      </div>
      <p role="status" className="mt-2 text-sm">
        {isSaid && (saved === 0 ? t('extra-time.saved.none') : t('extra-time.saved', { minutes: saved }))}
      </p>
      <ActionAlert problem={problem} />
    </form>
  );
}
