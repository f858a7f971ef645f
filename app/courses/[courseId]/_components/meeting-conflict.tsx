import { formatDay, formatMinutes } from '#lib/i18n/format.ts';
import type { MessageKey, Translate } from '#lib/i18n/translate.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { draftFields } from './meeting-draft.ts';
import type { MeetingDraft } from './meeting-draft.ts';

const labels: Record<keyof MeetingDraft, MessageKey> = {
  date: 'form.date',
  from: 'form.from',
  to: 'form.to',
  breakMinutes: 'form.break',
  room: 'form.room',
  title: 'form.title',
};

/** Both versions side by side where they differ; one click decides. */
export function MeetingConflict({
  yours,
  theirs,
  onKeep,
  onTake,
}: {
  yours: MeetingDraft;
  theirs: MeetingDraft;
  onKeep: () => void;
  onTake: () => void;
}) {
  const t = useTranslate();
  const different = draftFields.filter((field) => yours[field] !== theirs[field]);
  return (
    <>
      <p className="font-semibold">{t('form.conflict.title')}</p>
      <p>{t(different.length === 0 ? 'form.conflict.same' : 'form.conflict.lead')}</p>
      {different.length > 0 && (
        <table className="mt-2 w-full text-left">
          <thead className="text-sm text-quiet">
            <tr>
              <th scope="col" className="pr-4 font-normal">
                {t('form.conflict.field')}
              </th>
              <th scope="col" className="pr-4 font-normal">
                {t('form.conflict.yours')}
              </th>
              <th scope="col" className="font-normal">
                {t('form.conflict.theirs')}
              </th>
            </tr>
          </thead>
          <tbody>
            {different.map((field) => (
              <tr key={field}>
                <th scope="row" className="pr-4 font-medium">
                  {t(labels[field])}
                </th>
                <td className="pr-4">{spell(yours, field, t)}</td>
                <td>{spell(theirs, field, t)}</td>
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

function spell(draft: MeetingDraft, field: keyof MeetingDraft, t: Translate): string {
  if (field === 'breakMinutes') return formatMinutes(draft.breakMinutes);
  const text = draft[field];
  if (text === '') return t('form.nothing');
  return field === 'date'
    ? formatDay(new Date(`${text}T00:00:00Z`), 'UTC', t.language, { year: true })
    : text;
}
