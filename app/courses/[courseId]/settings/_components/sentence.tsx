'use client';

import { useId } from 'react';
import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField as LibraryCheckboxField } from 'react-aria-components';
import { aroundField } from '#lib/i18n/translate.ts';
import type { MessageKey, Values } from '#lib/i18n/translate.ts';
import type { PolicyField } from '#lib/settings/rules.ts';
import { tellProblem } from '#lib/settings/tell-problem.ts';
import { CheckboxField, TickBox } from '../../../../_components/fields.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { InlineSelect, InlineText } from './inline-fields.tsx';
import { draftOf, enteredIn, withFieldOf } from './policy-draft.ts';
import type { NumberField, OptionalField, PolicyDraft } from './policy-draft.ts';
import { choicesOf, spellField } from './policy-words.ts';
import type { ChoiceField } from './policy-words.ts';
import type { PolicyEditor } from './policy-editor.ts';

export interface SentenceProps<Field extends PolicyField> {
  field: Field;
  editor: PolicyEditor;
  /** Not the viewer's to change. */
  isDisabled?: boolean;
  hint?: ReactNode;
}

type BooleanField = {
  [Field in PolicyField]: PolicyDraft[Field] extends boolean ? Field : never;
}[PolicyField];

/** What stands under a sentence: what is wrong, else what it means, and the way back to the institution's word. */
export function Under({
  field,
  editor,
  isDisabled,
  hint,
  problemId,
}: SentenceProps<PolicyField> & { problemId: string }) {
  const t = useTranslate();
  const { draft, institution, problems, change } = editor;
  const problem = problems[field];
  const above = enteredIn(draftOf(institution));
  const differs = enteredIn(draft)[field] !== above[field];
  const label = t(`settings.${field}.label`);
  return (
    <>
      {problem !== undefined && (
        <p id={problemId} className="text-sm font-medium text-danger">
          {tellProblem(problem, t)}
        </p>
      )}
      {hint !== undefined && <p className="text-sm text-quiet">{hint}</p>}
      {differs && (
        <p className="text-sm text-quiet">
          {t('settings.differs', { value: spellField(above, field, t) })}{' '}
          {isDisabled !== true && (
            <button
              type="button"
              aria-label={t('settings.as-institution.spoken', { field: label })}
              className="min-h-6 font-medium text-brand underline"
              onClick={(event) => {
                change((before) => withFieldOf(before, field, institution));
                // This button goes; whoever uses the keyboard stays with the sentence.
                event.currentTarget
                  .closest('[data-sentence]')
                  ?.querySelector<HTMLElement>('input:enabled, textarea:enabled, button')
                  ?.focus();
              }}
            >
              {t('settings.as-institution')}
            </button>
          )}
        </p>
      )}
    </>
  );
}

/** A sentence with its field where the language puts it. */
export function Around({
  id,
  field,
  values,
  children,
}: {
  id: string;
  field: PolicyField;
  values?: Values;
  children: ReactNode;
}) {
  const t = useTranslate();
  const [before, after] = aroundField(t, `settings.${field}`, values);
  return (
    <div id={id} className="leading-8">
      {before}
      {children}
      {after}
    </div>
  );
}

export function useIds() {
  const id = useId();
  return { sentence: `${id}-sentence`, problem: `${id}-problem` };
}

export function NumberSentence(props: SentenceProps<Exclude<NumberField, OptionalField>>) {
  const { field, editor, isDisabled = false } = props;
  const t = useTranslate();
  const ids = useIds();
  return (
    <div data-sentence className="py-1.5">
      <Around id={ids.sentence} field={field} values={{ count: Number(editor.draft[field]) }}>
        <InlineText
          isNumber
          name={field}
          label={t(`settings.${field}.label`)}
          describedBy={`${ids.sentence} ${ids.problem}`}
          isDisabled={isDisabled}
          isInvalid={editor.problems[field] !== undefined}
          value={editor.draft[field]}
          onChange={(value) => {
            editor.change((before) => ({ ...before, [field]: value }));
          }}
        />
      </Around>
      <Under {...props} problemId={ids.problem} />
    </div>
  );
}

/** A sentence that can be left out: a tick decides whether it holds. */
export function OptionalSentence(props: SentenceProps<OptionalField> & { children?: ReactNode }) {
  const { field, editor, isDisabled = false, children } = props;
  const { draft, change } = editor;
  const t = useTranslate();
  const ids = useIds();
  return (
    <div data-sentence className="flex gap-2.5 py-1.5">
      <LibraryCheckboxField
        name={`${field}-on`}
        aria-labelledby={ids.sentence}
        isDisabled={isDisabled}
        isSelected={draft.isOn[field]}
        onChange={(isOn) => {
          change((before) => ({ ...before, isOn: { ...before.isOn, [field]: isOn } }));
        }}
      >
        <CheckboxButton className="-mr-1 flex h-8 w-6 shrink-0 cursor-pointer items-center data-[disabled]:cursor-default">
          {(state) => <TickBox {...state} />}
        </CheckboxButton>
      </LibraryCheckboxField>
      <div>
        <Around id={ids.sentence} field={field} values={{ count: Number(draft[field]) }}>
          <InlineText
            isNumber={field !== 'roomPosition'}
            name={field}
            label={t(`settings.${field}.label`)}
            describedBy={`${ids.sentence} ${ids.problem}`}
            isDisabled={isDisabled || !draft.isOn[field]}
            isInvalid={editor.problems[field] !== undefined}
            value={draft[field]}
            onChange={(value) => {
              change((before) => ({ ...before, [field]: value }));
            }}
          />
        </Around>
        <Under {...props} problemId={ids.problem} />
        {children}
      </div>
    </div>
  );
}

export function ChoiceSentence(props: SentenceProps<ChoiceField>) {
  const { field, editor, isDisabled = false } = props;
  const t = useTranslate();
  const ids = useIds();
  const values: readonly (string | number | boolean)[] = choicesOf[field];
  return (
    <div data-sentence className="py-1.5">
      <Around id={ids.sentence} field={field}>
        <InlineSelect
          name={field}
          label={t(`settings.${field}.label`)}
          describedBy={ids.sentence}
          isDisabled={isDisabled}
          value={String(editor.draft[field])}
          choices={values.map((value) => ({
            value: String(value),
            label: t(`settings.${field}.${String(value)}` as MessageKey),
          }))}
          onChange={(chosen) => {
            const value = values.find((one) => String(one) === chosen);
            editor.change((before) => ({ ...before, [field]: value }));
          }}
        />
      </Around>
      <Under {...props} problemId={ids.problem} />
    </div>
  );
}

export function YesSentence(props: SentenceProps<BooleanField>) {
  const { field, editor, isDisabled = false } = props;
  const t = useTranslate();
  const ids = useIds();
  return (
    <div data-sentence className="py-1.5">
      <CheckboxField
        name={field}
        label={t(`settings.${field}`)}
        isDisabled={isDisabled}
        value={editor.draft[field]}
        onChange={(value) => {
          editor.change((before) => ({ ...before, [field]: value }));
        }}
      />
      <div className="pl-7.5">
        <Under {...props} problemId={ids.problem} />
      </div>
    </div>
  );
}
