'use client';

import { useEffect, useRef, useState, useTransition } from 'react';
import type { SyntheticEvent } from 'react';
import type { PolicyInput } from '#lib/settings/input.ts';
import type { CourseSettings } from '#lib/settings/load-settings.ts';
import type { PolicyProblems } from '#lib/settings/rules.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { lostAnswer } from '../../../../_components/new-version.tsx';
import { savePolicy } from '../actions.ts';
import type { SavedPolicy } from '../actions.ts';
import { PolicyConflict } from './policy-conflict.tsx';
import { draftOf, enteredIn } from './policy-draft.ts';
import type { EnteredPolicy, PolicyDraft } from './policy-draft.ts';
import { PolicyPreview } from './policy-preview.tsx';
import { PolicySentences } from './policy-sentences.tsx';
import { usePreview } from './use-preview.ts';

type Trouble = Exclude<SavedPolicy, { kind: 'saved' }> | { kind: 'unreachable' };

/** What was saved last, and what stood there before it. */
interface Done {
  kind: 'saved' | 'undone';
  records: number;
  before: PolicyDraft;
}

/** How the course counts, in sentences, with whom a change would concern beside them. Nothing typed is lost. */
export function SettingsForm({
  courseId,
  ownAddress,
  initial,
}: {
  courseId: string;
  ownAddress: string | null;
  initial: Omit<CourseSettings, 'timeZone' | 'timeZones'>;
}) {
  const t = useTranslate();
  const form = useRef<HTMLFormElement>(null);
  const alertBox = useRef<HTMLDivElement>(null);
  const saveButton = useRef<HTMLButtonElement>(null);
  const [saved, setSaved] = useState(() => ({ draft: draftOf(initial.policy), revision: initial.revision }));
  const [draft, setDraft] = useState(saved.draft);
  const [trouble, setTrouble] = useState<Trouble>();
  const [done, setDone] = useState<Done>();
  const [isSaving, startSaving] = useTransition();
  const entered = enteredIn(draft);
  const isChanged = JSON.stringify(entered) !== JSON.stringify(enteredIn(saved.draft));
  const [preview, retryPreview] = usePreview(courseId, isChanged && initial.mayChange ? entered : null);

  // After an answer, the keyboard stands where something is to be done.
  useEffect(() => {
    if (trouble === undefined) return;
    const wrong =
      trouble.kind === 'invalid' ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    (wrong ?? alertBox.current)?.focus();
  }, [trouble]);

  function change(how: (before: PolicyDraft) => PolicyDraft) {
    setDraft(how);
    setTrouble(undefined);
    setDone(undefined);
  }

  function save(wanted: PolicyDraft, revision: number, kind: Done['kind']) {
    setDraft(wanted);
    startSaving(async () => {
      try {
        const answer = await savePolicy({ courseId, revision }, enteredIn(wanted));
        if (answer.kind !== 'saved') {
          setTrouble(answer);
          return;
        }
        setDone({ kind, records: answer.records, before: saved.draft });
        setSaved({ draft: wanted, revision: answer.revision });
        setTrouble(undefined);
      } catch {
        setTrouble({ kind: 'unreachable' });
      }
    });
  }

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!isSaving && isChanged) save(draft, saved.revision, 'saved');
  }

  function takeTheirs(theirs: PolicyInput, revision: number) {
    setSaved({ draft: draftOf(theirs), revision });
    setDraft(draftOf(theirs));
    setTrouble(undefined);
  }

  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      className="grid gap-x-8 gap-y-5 min-[44rem]:grid-cols-[minmax(0,1fr)_18rem] min-[60rem]:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <div className="min-w-0">
        <PolicySentences
          editor={{
            draft,
            institution: initial.institution,
            problems: problemsOf(trouble, preview),
            ownAddress,
            change,
          }}
          mayChange={initial.mayChange}
          mayChangeAssistants={initial.mayChangeAssistants}
          sendsMails={initial.sendsMails}
        />
      </div>
      {initial.mayChange && (
        <>
          <div className="min-w-0 min-[44rem]:row-span-2">
            <div className="min-[44rem]:sticky min-[44rem]:top-4">
              <PolicyPreview preview={preview} entered={entered} onRetry={retryPreview} />
            </div>
          </div>
          <div className="min-w-0">
            {trouble !== undefined && (
              <div
                ref={alertBox}
                role="alert"
                tabIndex={-1}
                className="mb-4 rounded-md border border-danger bg-danger-soft p-4"
              >
                <TroubleText
                  trouble={trouble}
                  yours={entered}
                  onKeep={(revision) => {
                    save(draft, revision, 'saved');
                  }}
                  onTake={takeTheirs}
                />
              </div>
            )}
            <div className="flex flex-wrap items-center gap-3">
              <button
                ref={saveButton}
                type="submit"
                aria-disabled={isSaving || !isChanged}
                className={`${buttonStyle({ kind: 'primary' })} aria-disabled:cursor-default aria-disabled:opacity-55`}
              >
                {t(isSaving ? 'form.saving' : 'settings.save')}
              </button>
              {isChanged && (
                <button
                  type="button"
                  className={buttonStyle({ kind: 'second' })}
                  onClick={() => {
                    change(() => saved.draft);
                    saveButton.current?.focus();
                  }}
                >
                  {t('settings.as-before')}
                </button>
              )}
              <p role="status">
                {done?.kind === 'saved' && t('settings.saved.records', { count: done.records })}
                {done?.kind === 'undone' && t('settings.undone')}
              </p>
              {done?.kind === 'saved' && (
                <button
                  type="button"
                  className={buttonStyle({ kind: 'quiet', size: 'small' })}
                  onClick={() => {
                    save(done.before, saved.revision, 'undone');
                    saveButton.current?.focus();
                  }}
                >
                  {t('settings.undo')}
                </button>
              )}
            </div>
          </div>
        </>
      )}
    </form>
  );
}

/** What is wrong, as saving told it, or already the preview. */
function problemsOf(trouble: Trouble | undefined, preview: ReturnType<typeof usePreview>[0]): PolicyProblems {
  if (trouble?.kind === 'invalid') return trouble.problems;
  const shown = preview.kind === 'loading' ? preview.last : preview;
  return shown?.kind === 'invalid' ? shown.problems : {};
}

function TroubleText({
  trouble,
  yours,
  onKeep,
  onTake,
}: {
  trouble: Trouble;
  yours: EnteredPolicy;
  onKeep: (revision: number) => void;
  onTake: (theirs: PolicyInput, revision: number) => void;
}) {
  const t = useTranslate();
  switch (trouble.kind) {
    case 'invalid':
      return <p>{t('form.problems')}</p>;
    case 'unreachable':
      return <p>{t(lostAnswer('form.unreachable'))}</p>;
    case 'refused':
      return (
        <>
          <p className="font-semibold">{t(`errors.${trouble.code}.title`)}</p>
          <p>{t('form.failed')}</p>
          <p>{t(`errors.${trouble.code}.todo`)}</p>
        </>
      );
    case 'conflict':
      return (
        <PolicyConflict
          yours={yours}
          theirs={enteredIn(draftOf(trouble.theirs))}
          onKeep={() => {
            onKeep(trouble.revision);
          }}
          onTake={() => {
            onTake(trouble.theirs, trouble.revision);
          }}
        />
      );
  }
}
