'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { SyntheticEvent } from 'react';
import { formatWeekday } from '#lib/i18n/format.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { DateField, RadioField } from '../../../_components/fields.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { previewChange, saveMeeting, saveNewMeeting } from '../meetings/actions.ts';
import type { SavedDraft } from '../meetings/actions.ts';
import { MeetingAlert } from './meeting-alert.tsx';
import { MeetingFields } from './meeting-fields.tsx';
import { inputOf } from './meeting-draft.ts';
import type { MeetingDraft } from './meeting-draft.ts';
import { TimeFields } from './time-fields.tsx';
import { asShown, useFilling } from './use-filling.ts';

type Scope = 'one' | 'following' | 'all';

/** What of a series can be meant; the last of it has none that follow. */
export function scopesOf(series: { following: number }): Scope[] {
  return series.following === 0 ? ['one', 'all'] : ['one', 'following', 'all'];
}

export type MeetingAnswer = Exclude<SavedDraft, { kind: 'saved' }> | { kind: 'unreachable' };

/** The form of a new or an existing meeting. Nothing that was typed is lost on any refusal. */
export function MeetingForm({
  courseId,
  timeZone,
  sections,
  initial,
  existing,
  doneHref,
}: {
  courseId: string;
  timeZone: string;
  sections: readonly { id: string; name: string }[];
  initial: MeetingDraft;
  existing?: { meetingId: string; revision: number; series: { others: number; following: number } };
  /** Where to go afterwards, saved or not. */
  doneHref: string;
}) {
  const t = useTranslate();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const alertBox = useRef<HTMLDivElement>(null);
  const [revision, setRevision] = useState(existing?.revision ?? 0);
  const [scope, setScope] = useState<Scope>('one');
  const [answer, setAnswer] = useState<MeetingAnswer>();
  const [isSaving, startSaving] = useTransition();
  const { filling, draft, setDraft, setProblems } = useFilling(initial, () => {
    // What was looked at is no longer what would be saved.
    setAnswer((before) => (before?.kind === 'preview' ? undefined : before));
  });

  // After an answer, the keyboard stands where something is to be done.
  useEffect(() => {
    if (answer === undefined) return;
    const wrong =
      answer.kind === 'invalid' ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    (wrong ?? alertBox.current)?.focus();
  }, [answer]);

  function save(withRevision: number, isLookedAt: boolean) {
    const input = inputOf(asShown(draft, form.current));
    startSaving(async () => {
      try {
        const saved = await send(input, withRevision, isLookedAt);
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

  function send(input: object, withRevision: number, isLookedAt: boolean): Promise<SavedDraft> {
    if (existing === undefined) return saveNewMeeting(courseId, input);
    const key = { courseId, meetingId: existing.meetingId, revision: withRevision, scope };
    return scope === 'one' || isLookedAt ? saveMeeting(key, input) : previewChange(key, input);
  }

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!isSaving) save(revision, false);
  }

  return (
    <form ref={form} onSubmit={submit} noValidate className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6">
      {answer !== undefined && (
        <MeetingAlert
          ref={alertBox}
          answer={answer}
          draft={draft}
          sections={sections}
          onSave={() => {
            save(revision, true);
          }}
          onBack={() => {
            setAnswer(undefined);
          }}
          onKeep={(theirRevision) => {
            setRevision(theirRevision);
            save(theirRevision, false);
          }}
          onTake={(theirs, theirRevision) => {
            setDraft(theirs);
            setRevision(theirRevision);
            setAnswer(undefined);
          }}
        />
      )}

      <div className="grid gap-5 sm:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)]">
        <DateField
          name="date"
          label={t('form.date')}
          hint={draft.date === '' ? undefined : formatWeekday(draft.date, t.language)}
          value={draft.date}
          onChange={filling.change('date')}
          problem={filling.problem('date')}
          words={{
            open: t('form.open-calendar'),
            previous: t('form.previous-month'),
            next: t('form.next-month'),
          }}
        />
        <TimeFields {...filling} />
        <p className="-mt-3 text-sm text-quiet sm:col-span-full">{t('form.zone', { zone: timeZone })}</p>
      </div>
      <MeetingFields {...filling} sections={sections} />

      {existing !== undefined && existing.series.others > 0 && (
        <RadioField
          name="scope"
          label={t('form.scope')}
          hint={t('form.scope.hint')}
          value={scope}
          onChange={(chosen) => {
            setScope(chosen);
            setAnswer(undefined);
          }}
          choices={scopesOf(existing.series).map((one) => ({
            value: one,
            label: t(`form.scope.${one}`, {
              count: one === 'all' ? existing.series.others + 1 : existing.series.following,
            }),
          }))}
        />
      )}

      <div className="flex flex-wrap gap-3">
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
