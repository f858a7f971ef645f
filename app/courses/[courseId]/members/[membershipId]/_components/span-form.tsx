'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { formatDay } from '#lib/i18n/format.ts';
import type { ProblemOfSpan } from '#lib/members/rules.ts';
import { ActionAlert } from '../../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { DateField, namesOfEmpty, namesOfHalfFilled } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { saveSpans } from '../../actions.ts';
import type { SavedSpans } from '../../actions.ts';
import type { SpanDraft } from '../../_components/span-draft.ts';
import { useAction } from '../../../../../_components/use-action.ts';
import { SectionSelect } from './section-select.tsx';

/** A span in the form, with a name of its own while it has no id. */
interface Row extends SpanDraft {
  key: string;
}

const rowsOf = (spans: readonly SpanDraft[]): Row[] =>
  spans.map((span, index) => ({ ...span, key: span.id ?? `new-${String(index)}` }));

/** A day that is typed in half: it is no day, and not empty either. */
const halfDay = 'incomplete';

/** The form of a member's spans. Nothing that was entered is lost on any refusal. */
export function SpanForm({
  courseId,
  membershipId,
  initial,
  version: shownVersion,
  sections,
  onDone,
}: {
  courseId: string;
  membershipId: string;
  initial: SpanDraft[];
  version: string;
  sections: { id: string; name: string }[];
  onDone: (how: 'saved' | 'cancelled') => void;
}) {
  const t = useTranslate();
  const form = useRef<HTMLFormElement>(null);
  const alertBox = useRef<HTMLDivElement>(null);
  const [rows, setRows] = useState(() => rowsOf(initial));
  const [version, setVersion] = useState(shownVersion);
  const [added, setAdded] = useState(0);
  const [answer, setAnswer] = useState<Exclude<SavedSpans, { kind: 'saved' }>>();
  const { isBusy, problem: refusal, run } = useAction();
  const problems = answer?.kind === 'invalid' ? answer.problems : [];

  // After an answer, the keyboard stands where something is to be done.
  useEffect(() => {
    if (answer === undefined) return;
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong ?? alertBox.current)?.focus();
  }, [answer]);

  const change = (key: string, changed: Partial<SpanDraft>) => {
    setRows((before) => before.map((row) => (row.key === key ? { ...row, ...changed } : row)));
  };

  function save(withVersion: string) {
    const [empty, unfinished] = (
      form.current === null ? [[], []] : [namesOfEmpty(form.current), namesOfHalfFilled(form.current)]
    ).map((names) => new Set(names));
    const asShown = (name: string, day: string) =>
      empty?.has(name) === true ? '' : unfinished?.has(name) === true ? halfDay : day;
    const sent = rows.map(({ key, id, sectionId, from, to }) => ({
      ...{ id, sectionId },
      from: asShown(`${key}.from`, from),
      to: asShown(`${key}.to`, to),
    }));
    run(
      () => saveSpans({ courseId, membershipId, version: withVersion }, sent),
      (saved) => {
        if (saved.kind === 'saved') onDone('saved');
        else setAnswer(saved);
      },
    );
  }

  return (
    <form
      ref={form}
      noValidate
      className="max-w-2xl"
      onSubmit={(event: SyntheticEvent<HTMLFormElement>) => {
        event.preventDefault();
        save(version);
      }}
    >
      {answer !== undefined && (
        <div
          ref={alertBox}
          role="alert"
          tabIndex={-1}
          className="mb-4 rounded-md border border-danger bg-danger-soft p-4"
        >
          {answer.kind === 'invalid' && <p>{t('member-spans.problems')}</p>}
          {answer.kind === 'none' && <p>{t('member-spans.none')}</p>}
          {answer.kind === 'conflict' && (
            <Conflict
              theirs={answer.theirs}
              sections={sections}
              onTake={() => {
                setRows(rowsOf(answer.theirs));
                setVersion(answer.version);
                setAnswer(undefined);
              }}
              onKeep={() => {
                setVersion(answer.version);
                save(answer.version);
              }}
            />
          )}
        </div>
      )}
      <ol className="space-y-4">
        {rows.map((row, index) => (
          <SpanFields
            key={row.key}
            row={row}
            number={index + 1}
            sections={sections}
            problem={problems.find((one) => one.index === index)?.problem}
            onChange={(changed) => {
              change(row.key, changed);
            }}
            onRemove={() => {
              setRows((before) => before.filter(({ key }) => key !== row.key));
            }}
          />
        ))}
      </ol>
      <button
        type="button"
        className={`${buttonStyle({ kind: 'quiet', size: 'small' })} mt-3`}
        onClick={() => {
          const key = `added-${String(added)}`;
          setAdded(added + 1);
          setRows((before) => [...before, { key, id: null, sectionId: null, from: '', to: '' }]);
        }}
      >
        <Plus aria-hidden className="size-4" />
        {t('member-spans.add')}
      </button>
      <ActionAlert problem={refusal} />
      <div className="mt-5 flex flex-wrap gap-3">
        <button type="submit" aria-disabled={isBusy} className={buttonStyle({ kind: 'primary' })}>
          {t(isBusy ? 'member-spans.saving' : 'member-spans.save')}
        </button>
        <button
          type="button"
          className={buttonStyle({ kind: 'second' })}
          onClick={() => {
            onDone('cancelled');
          }}
        >
          {t('member-spans.cancel')}
        </button>
      </div>
    </form>
  );
}

function SpanFields({
  row,
  number,
  sections,
  problem,
  onChange,
  onRemove,
}: {
  row: Row;
  number: number;
  sections: { id: string; name: string }[];
  problem: ProblemOfSpan['problem'] | undefined;
  onChange: (changed: Partial<SpanDraft>) => void;
  onRemove: () => void;
}) {
  const t = useTranslate();
  const words = {
    open: t('form.open-calendar'),
    previous: t('form.previous-month'),
    next: t('form.next-month'),
  };
  const sentence = problem === undefined ? undefined : t(`member-spans.problem.${problem}`);
  return (
    <li>
      <fieldset className="grid gap-3 rounded-md border border-line p-3 sm:grid-cols-[1fr_1fr_1fr_auto]">
        <legend className="px-1 text-sm text-quiet">{t('member-spans.number', { number })}</legend>
        <SectionSelect
          sections={sections}
          value={row.sectionId}
          onChange={(sectionId) => {
            onChange({ sectionId });
          }}
        />
        {(['from', 'to'] as const).map((field) => (
          <div key={field}>
            <DateField
              name={`${row.key}.${field}`}
              label={t(`member-spans.${field}`)}
              hint={t(`member-spans.${field}.hint`)}
              value={row[field]}
              onChange={(day) => {
                onChange({ [field]: day });
              }}
              problem={isAt(field, problem) ? sentence : undefined}
              words={words}
            />
            {row[field] !== '' && (
              <button
                type="button"
                className={buttonStyle({ kind: 'quiet', size: 'small' })}
                onClick={() => {
                  onChange({ [field]: '' });
                }}
              >
                {t('member-spans.clear')}
                <span className="sr-only"> {t(`member-spans.${field}`)}</span>
              </button>
            )}
          </div>
        ))}
        <button
          type="button"
          aria-label={t('member-spans.remove', { number })}
          className={`${buttonStyle({ kind: 'quiet', size: 'small' })} justify-self-start sm:mt-7 sm:self-start`}
          onClick={onRemove}
        >
          <Trash2 aria-hidden className="size-4" />
        </button>
      </fieldset>
    </li>
  );
}

/** At which of the two days a problem is told. */
function isAt(field: 'from' | 'to', problem: ProblemOfSpan['problem'] | undefined): boolean {
  return field === 'from'
    ? problem === 'from' || problem === 'overlap'
    : problem === 'to' || problem === 'end-before-start';
}

/** What somebody else has made of the spans, beside what was entered here. */
function Conflict({
  theirs,
  sections,
  onTake,
  onKeep,
}: {
  theirs: readonly SpanDraft[];
  sections: readonly { id: string; name: string }[];
  onTake: () => void;
  onKeep: () => void;
}) {
  const t = useTranslate();
  const spell = (day: string) =>
    day === '' ? '–' : formatDay(new Date(`${day}T00:00:00Z`), 'UTC', t.language, { year: true });
  return (
    <>
      <p>{t('member-spans.conflict')}</p>
      <ul className="my-2 list-disc pl-5">
        {theirs.map(({ id, sectionId, from, to }) => (
          <li key={id}>
            <bdi>
              {sections.find((section) => section.id === sectionId)?.name ?? t('member-spans.anywhere')}
            </bdi>
            {', '}
            {t('member-spans.from')}: {spell(from)}, {t('member-spans.to')}: {spell(to)}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <button type="button" className={buttonStyle({ kind: 'second', size: 'small' })} onClick={onKeep}>
          {t('member-spans.conflict.keep')}
        </button>
        <button type="button" className={buttonStyle({ kind: 'second', size: 'small' })} onClick={onTake}>
          {t('member-spans.conflict.take')}
        </button>
      </div>
    </>
  );
}
