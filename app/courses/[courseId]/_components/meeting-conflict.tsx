import { formatDay, formatMinutes } from '#lib/i18n/format.ts';
import type { MessageKey, Translate } from '#lib/i18n/translate.ts';
import { useTranslate } from '../../../_components/language.tsx';
import type { MeetingDraft } from './meeting-draft.ts';
import { VersionConflict } from './version-conflict.tsx';

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
  return (
    <VersionConflict
      title={t('form.conflict.title')}
      rows={rows.map(([label, spell]) => ({
        label: t(label),
        yours: spell(yours, t, sections),
        theirs: spell(theirs, t, sections),
      }))}
      onKeep={onKeep}
      onTake={onTake}
    />
  );
}
