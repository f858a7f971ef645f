'use client';

import { useState } from 'react';
import type { ReactNode } from 'react';
import {
  CheckboxField,
  CheckboxesField,
  SelectField,
  TextAreaField,
  TextField,
} from '../../../_components/fields.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { BreakFields } from './break-fields.tsx';
import type { DraftFields } from './meeting-draft.ts';

/** How a form tells its fields what they hold and what is wrong with them. */
export interface Filling<Draft> {
  draft: Draft;
  change: <Field extends keyof Draft>(field: Field) => (value: Draft[Field]) => void;
  /** The sentence at a field, or at a part of it such as `breaks.0`. */
  problem: (place: string) => string | undefined;
}

const kinds = ['regular', 'weekend', 'evening', 'online'] as const;

/** What a meeting says beside its day and times. */
export function MeetingFields({
  draft,
  change,
  problem,
  sections,
}: Filling<DraftFields> & { sections: readonly { id: string; name: string }[] }) {
  const t = useTranslate();
  return (
    <>
      <BreakFields draft={draft} change={change} problem={problem} />
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="kind"
          label={t('form.kind')}
          value={draft.kind}
          onChange={change('kind')}
          problem={problem('kind')}
          choices={kinds.map((kind) => ({ value: kind, label: t(`meeting.kind.${kind}`) }))}
        />
        <TextField
          name="room"
          label={<Optional>{t('form.room')}</Optional>}
          value={draft.room}
          onChange={change('room')}
          problem={problem('room')}
        />
        <TextField
          name="onlineUrl"
          label={<Optional>{t('form.online-url')}</Optional>}
          hint={t('form.online-url.hint')}
          value={draft.onlineUrl}
          onChange={change('onlineUrl')}
          problem={problem('onlineUrl')}
        />
        {(draft.onlineUrl !== '' || draft.onlinePlatform !== '') && (
          <TextField
            name="onlinePlatform"
            label={<Optional>{t('form.online-platform')}</Optional>}
            hint={t('form.online-platform.hint')}
            value={draft.onlinePlatform}
            onChange={change('onlinePlatform')}
            problem={problem('onlinePlatform')}
          />
        )}
        <TextField
          name="title"
          label={<Optional>{t('form.title')}</Optional>}
          hint={t('form.title.hint')}
          value={draft.title}
          onChange={change('title')}
          problem={problem('title')}
          className="sm:col-span-2"
        />
      </div>
      <MoreFields draft={draft} change={change} problem={problem} sections={sections} />
    </>
  );
}

function Optional({ children }: { children: ReactNode }) {
  const t = useTranslate();
  return (
    <>
      {children} <span className="font-normal text-quiet">({t('form.optional')})</span>
    </>
  );
}

/** Folded while nothing in it differs from the usual, and nothing is wrong. */
function MoreFields({
  draft,
  change,
  problem,
  sections,
}: Filling<DraftFields> & { sections: readonly { id: string; name: string }[] }) {
  const t = useTranslate();
  const [isOpen, setOpen] = useState(
    !draft.isMandatory || draft.sectionIds.length > 0 || draft.description !== '',
  );
  const hasProblem = (['description', 'isMandatory', 'sectionIds'] as const).some(
    (field) => problem(field) !== undefined,
  );
  // A section that is no longer in the course can still be unticked.
  const gone = draft.sectionIds.filter((id) => !sections.some((section) => section.id === id));
  return (
    <details
      open={isOpen || hasProblem}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
      className="rounded-md border border-line"
    >
      <summary className="cursor-pointer rounded-md px-4 py-3 font-medium">
        {t('form.more')} <span className="font-normal text-quiet">· {t('form.more.hint')}</span>
      </summary>
      <div className="grid gap-5 px-4 pt-1 pb-4">
        {sections.length + gone.length > 0 && (
          <CheckboxesField
            name="sectionIds"
            label={t('form.sections')}
            hint={t('form.sections.hint')}
            value={draft.sectionIds}
            onChange={change('sectionIds')}
            problem={problem('sectionIds')}
            choices={[
              ...sections.map(({ id, name }) => ({ value: id, label: name })),
              ...gone.map((id) => ({ value: id, label: '–' })),
            ]}
          />
        )}
        <CheckboxField
          name="isMandatory"
          label={t('form.mandatory')}
          hint={t('form.mandatory.hint')}
          value={draft.isMandatory}
          onChange={change('isMandatory')}
        />
        <TextAreaField
          name="description"
          label={<Optional>{t('form.description')}</Optional>}
          hint={t('form.description.hint', { count: draft.description.length })}
          value={draft.description}
          onChange={change('description')}
          problem={problem('description')}
        />
      </div>
    </details>
  );
}
