import { formatDay, formatMinutes } from '#lib/i18n/format.ts';
import type { MessageKey, Translate } from '#lib/i18n/translate.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import type { MeetingDraft } from './meeting-draft.ts';

type Sections = readonly { id: string; name: string }[];

/** Each field with how its value reads, in the order of the form. */
const rows: [MessageKey, (draft: MeetingDraft, t: Translate, sections: Sections) => string][] = [
  ['form.date', ({ date }, t) => spellDay(date, t)],
  ['form.from', ({ from }) => from],
  ['form.to', ({ to, endsNextDay }, t) => (endsNextDay ? `${to} ${t('form.next-day')}` : to)],
  ['form.breaks', spellBreaks],
  ['form.kind', ({ kind }, t) => t(`meeting.kind.${kind}`)],
  ['form.room', ({ room }) => room],
  ['form.online-url', ({ onlineUrl }) => onlineUrl],
  ['form.online-platform', ({ onlinePlatform }) => onlinePlatform],
  ['form.title', ({ title }) => title],
  ['form.sections', spellSections],
  ['form.mandatory', ({ isMandatory }, t) => t(isMandatory ? 'form.yes' : 'form.no')],
  ['form.description', ({ description }) => description],
];

function spellDay(date: string, t: Translate): string {
  return date === '' ? '' : formatDay(new Date(`${date}T00:00:00Z`), 'UTC', t.language, { year: true });
}

function spellBreaks({ breaksBy, breakMinutes, breaks }: MeetingDraft): string {
  if (breaksBy === 'minutes') return formatMinutes(breakMinutes);
  return breaks.map(({ from, to }) => `${from}–${to}`).join(', ');
}

function spellSections({ sectionIds }: MeetingDraft, t: Translate, sections: Sections): string {
  if (sectionIds.length === 0) return t('form.everybody');
  return sections
    .filter(({ id }) => sectionIds.includes(id))
    .map(({ name }) => name)
    .join(', ');
}

/** Both versions side by side where they differ; one click decides. */
export function MeetingConflict({
  yours,
  theirs,
  sections,
  onKeep,
  onTake,
}: {
  yours: MeetingDraft;
  theirs: MeetingDraft;
  sections: Sections;
  onKeep: () => void;
  onTake: () => void;
}) {
  const t = useTranslate();
  const different = rows
    .map(([label, spell]) => ({
      label,
      mine: spell(yours, t, sections),
      other: spell(theirs, t, sections),
    }))
    .filter(({ mine, other }) => mine !== other);
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
            {different.map(({ label, mine, other }) => (
              <tr key={label} className="align-top">
                <th scope="row" className="pr-4 font-medium">
                  {t(label)}
                </th>
                <td className="pr-4 wrap-anywhere">{mine === '' ? t('form.nothing') : mine}</td>
                <td className="wrap-anywhere">{other === '' ? t('form.nothing') : other}</td>
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
