'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { SyntheticEvent } from 'react';
import { formatWeekday } from '#lib/i18n/format.ts';
import type { MeetingProblems } from '#lib/meetings/rules.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import {
  DateField,
  NumberField,
  TextField,
  TimeField,
  namesOfHalfFilled,
} from '../../../_components/fields.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { saveMeeting, saveNewMeeting } from '../actions.ts';
import type { SavedDraft } from '../actions.ts';
import type { MeetingDraft } from './meeting-draft.ts';
import { MeetingConflict } from './meeting-conflict.tsx';

/** The form of a new or an existing meeting. Nothing that was typed is lost on any refusal. */
export function MeetingForm({
  courseId,
  timeZone,
  initial,
  existing,
  doneHref,
}: {
  courseId: string;
  timeZone: string;
  initial: MeetingDraft;
  existing?: { meetingId: string; revision: number };
  /** Where to go afterwards, saved or not. */
  doneHref: string;
}) {
  const t = useTranslate();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const alertBox = useRef<HTMLDivElement>(null);
  const [draft, setDraft] = useState(initial);
  const [revision, setRevision] = useState(existing?.revision ?? 0);
  const [problems, setProblems] = useState<MeetingProblems>({});
  const [answer, setAnswer] = useState<Exclude<SavedDraft, { kind: 'saved' }> | { kind: 'unreachable' }>();
  const [isSaving, startSaving] = useTransition();

  // After an answer, the keyboard stands where something is to be done.
  useEffect(() => {
    if (answer === undefined) return;
    const wrong =
      answer.kind === 'invalid' ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    (wrong ?? alertBox.current)?.focus();
  }, [answer]);

  function change<Field extends keyof MeetingDraft>(field: Field) {
    return (value: MeetingDraft[Field]) => {
      setDraft((before) => ({ ...before, [field]: value }));
      setProblems((before) => ({ ...before, [field]: undefined }));
    };
  }

  function save(withRevision: number) {
    const sent = { ...draft };
    for (const name of form.current === null ? [] : namesOfHalfFilled(form.current)) {
      if (name === 'date' || name === 'from' || name === 'to') sent[name] = '';
    }
    startSaving(async () => {
      try {
        const saved = await (existing === undefined
          ? saveNewMeeting(courseId, sent)
          : saveMeeting({ courseId, meetingId: existing.meetingId, revision: withRevision }, sent));
        if (saved.kind === 'saved') {
          router.push(doneHref);
          return;
        }
        setProblems(saved.kind === 'invalid' ? saved.problems : {});
        setAnswer(saved);
      } catch {
        setAnswer({ kind: 'unreachable' });
      }
    });
  }

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!isSaving) save(revision);
  }

  const problem = (field: keyof MeetingDraft) => {
    const key = problems[field];
    return key === undefined ? undefined : t(key);
  };
  const optional = (label: string) => (
    <>
      {label} <span className="font-normal text-quiet">({t('form.optional')})</span>
    </>
  );

  return (
    <form ref={form} onSubmit={submit} noValidate className="max-w-2xl">
      {answer !== undefined && (
        <div
          ref={alertBox}
          role="alert"
          tabIndex={-1}
          className="mb-6 rounded-md border border-danger bg-danger-soft p-4"
        >
          {answer.kind === 'invalid' && <p>{t('form.problems')}</p>}
          {answer.kind === 'unreachable' && <p>{t('form.unreachable')}</p>}
          {answer.kind === 'refused' && (
            <>
              <p className="font-semibold">{t(`errors.${answer.code}.title`)}</p>
              <p>{t('form.failed')}</p>
              <p>{t(`errors.${answer.code}.todo`)}</p>
            </>
          )}
          {answer.kind === 'conflict' && (
            <MeetingConflict
              yours={draft}
              theirs={answer.theirs}
              onKeep={() => {
                setRevision(answer.revision);
                save(answer.revision);
              }}
              onTake={() => {
                setDraft(answer.theirs);
                setRevision(answer.revision);
                setAnswer(undefined);
              }}
            />
          )}
        </div>
      )}

      <div className="grid gap-x-5 gap-y-5 sm:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <DateField
          name="date"
          label={t('form.date')}
          hint={draft.date === '' ? undefined : formatWeekday(draft.date, t.language)}
          value={draft.date}
          onChange={change('date')}
          problem={problem('date')}
          words={{
            open: t('form.open-calendar'),
            previous: t('form.previous-month'),
            next: t('form.next-month'),
          }}
        />
        <TimeField
          name="from"
          label={t('form.from')}
          value={draft.from}
          onChange={change('from')}
          problem={problem('from')}
        />
        <TimeField
          name="to"
          label={t('form.to')}
          value={draft.to}
          onChange={change('to')}
          problem={problem('to')}
        />
        <p className="-mt-3 text-sm text-quiet sm:col-span-3">{t('form.zone', { zone: timeZone })}</p>
        <NumberField
          name="breakMinutes"
          label={t('form.break')}
          hint={t('form.break.hint')}
          minValue={0}
          maxValue={1440}
          value={draft.breakMinutes}
          onChange={change('breakMinutes')}
          problem={problem('breakMinutes')}
        />
        <TextField
          name="room"
          label={optional(t('form.room'))}
          value={draft.room}
          onChange={change('room')}
          problem={problem('room')}
          className="sm:col-span-2"
        />
        <TextField
          name="title"
          label={optional(t('form.title'))}
          hint={t('form.title.hint')}
          value={draft.title}
          onChange={change('title')}
          problem={problem('title')}
          className="sm:col-span-3"
        />
      </div>

      <div className="mt-7 flex flex-wrap gap-3">
        <button type="submit" aria-disabled={isSaving} className={buttonStyle({ kind: 'primary' })}>
          {t(isSaving ? 'form.saving' : existing === undefined ? 'form.create' : 'form.save')}
        </button>
        <Link href={doneHref} className={buttonStyle({ kind: 'second' })}>
          {t('form.cancel')}
        </Link>
      </div>
    </form>
  );
}
