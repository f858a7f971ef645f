'use client';

import { policyFields } from '#lib/settings/rules.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import type { EnteredPolicy } from './policy-draft.ts';
import { spellField } from './policy-words.ts';

/** Both versions side by side where they differ; one click decides. */
export function PolicyConflict({
  yours,
  theirs,
  onKeep,
  onTake,
}: {
  yours: EnteredPolicy;
  theirs: EnteredPolicy;
  onKeep: () => void;
  onTake: () => void;
}) {
  const t = useTranslate();
  const different = policyFields.filter((field) => yours[field] !== theirs[field]);
  return (
    <>
      <p className="font-semibold">{t('settings.conflict.title')}</p>
      <p>{t(different.length === 0 ? 'form.conflict.same' : 'form.conflict.lead')}</p>
      {different.length > 0 && (
        <table className="mt-2 w-full text-left">
          <thead className="text-sm text-quiet">
            <tr>
              {(['field', 'yours', 'theirs'] as const).map((column) => (
                <th key={column} scope="col" className="pr-4 font-normal">
                  {t(`form.conflict.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {different.map((field) => (
              <tr key={field}>
                <th scope="row" className="pr-4 font-medium">
                  {t(`settings.${field}.label`)}
                </th>
                <td className="pr-4">{spellField(yours, field, t)}</td>
                <td>{spellField(theirs, field, t)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="mt-3 flex flex-wrap gap-3">
        <button type="button" onClick={onKeep} className={buttonStyle({ kind: 'second', size: 'small' })}>
          {t('form.conflict.keep')}
        </button>
        <button type="button" onClick={onTake} className={buttonStyle({ kind: 'second', size: 'small' })}>
          {t('form.conflict.take')}
        </button>
      </div>
    </>
  );
}
