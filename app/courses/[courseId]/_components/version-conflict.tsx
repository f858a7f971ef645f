import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';

/** What two people made of one thing, side by side where it differs; one click decides. */
export function VersionConflict({
  title,
  rows,
  onKeep,
  onTake,
}: {
  title: string;
  /** Field by field, as it reads; empty: nothing stands there. */
  rows: readonly { label: string; yours: string; theirs: string }[];
  onKeep: () => void;
  onTake: () => void;
}) {
  const t = useTranslate();
  const different = rows.filter(({ yours, theirs }) => yours !== theirs);
  return (
    <>
      <p className="font-semibold">{title}</p>
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
            {different.map(({ label, yours, theirs }) => (
              <tr key={label} className="align-top">
                <th scope="row" className="pr-4 font-medium">
                  {label}
                </th>
                <td className="pr-4 wrap-anywhere">{yours === '' ? t('form.nothing') : yours}</td>
                <td className="wrap-anywhere">{theirs === '' ? t('form.nothing') : theirs}</td>
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
