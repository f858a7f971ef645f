'use client';

import { CircleAlert, WifiOff } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { v4 as newId } from 'uuid';
import type { ExcuseProblem } from '#lib/excuses/input.ts';
import type { ChoosableMeeting } from '#lib/excuses/load-excuse-form.ts';
import { maxFiles, maxText } from '#lib/base/excuse-limits.ts';
import { excuseReasons } from '#lib/base/excuse-reasons.ts';
import type { ExcuseReason } from '#lib/base/excuse-reasons.ts';
import type { SubmittedExcuse } from '#lib/excuses/submit-excuse.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { RadioField, TextAreaField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../_components/new-version.tsx';
import { useAction } from '../../../../../_components/use-action.ts';
import { asShown } from '../../../_components/use-filling.ts';
import { handIn } from '../../actions.ts';
import { DocumentsField } from '../../_components/documents/documents-field.tsx';
import { hasArrived } from '../../_components/documents/uploads.ts';
import type { RememberedUpload } from '../../_components/documents/uploads.ts';
import { useUploads } from '../../_components/documents/use-uploads.ts';
import { DaysChoice } from './days-choice.tsx';
import { openDraft } from './draft-store.ts';
import { beginDraft, continueDraft, findMissing, meetingsOf, requestOf } from './excuse-draft.ts';
import { HandedIn } from './handed-in.tsx';
import { MeetingChoice } from './meeting-choice.tsx';
import { Step } from './step.tsx';
import { useIsOnline } from './use-is-online.ts';

type Answer =
  | Exclude<SubmittedExcuse, { kind: 'submitted' }>
  /** Some did not arrive. */
  | { kind: 'documents' };

/** Which meetings, why, and what proves it, on one page. Nothing that was entered is lost on any refusal. */
export function ExcuseForm({
  courseId,
  membershipId,
  meetings,
  now,
  thisYear,
  linkedId,
  maxFileBytes,
  areAssistantsReaders,
  documentDays,
}: {
  courseId: string;
  membershipId: string;
  meetings: readonly ChoosableMeeting[];
  now: Date;
  thisYear: string;
  /** The meeting whose link led here. */
  linkedId: string | null;
  maxFileBytes: number;
  areAssistantsReaders: boolean;
  /** How long documents are kept after the decision. */
  documentDays: number;
}) {
  const t = useTranslate();
  const form = useRef<HTMLDivElement>(null);
  const alertBox = useRef<HTMLDivElement>(null);
  const [store] = useState(() =>
    openDraft(membershipId, beginDraft(meetings, { id: newId(), linkedId }), (left) =>
      continueDraft(left, meetings, linkedId),
    ),
  );
  const draft = useSyncExternalStore(store.watch, store.state, () => store.initial);
  const [answer, setAnswer] = useState<Answer>();
  const keepDocuments = useCallback(
    (documents: RememberedUpload[]) => {
      store.change({ documents });
      if (documents.every(({ isKept }) => isKept)) setAnswer(withoutDocuments);
    },
    [store],
  );
  const { uploads, list } = useUploads(
    { courseId, maxFileBytes },
    { remembered: store.state().documents, room: maxFiles, onChange: keepDocuments },
  );
  const isOnline = useIsOnline();
  const { isBusy, problem, run } = useAction();
  const [isWaiting, setWaiting] = useState(false);
  const [done, setDone] = useState<{ meetings: number; documents: number }>();

  // After an answer, the keyboard stands where it is told.
  useEffect(() => {
    if (answer !== undefined || problem !== undefined) alertBox.current?.focus();
  }, [answer, problem]);

  const wrong: readonly ExcuseProblem[] = answer?.kind === 'invalid' ? answer.problems : [];
  const tell = (place: ExcuseProblem) =>
    wrong.includes(place) ? t(`my-excuse.problem.${place}`, { max: maxText, room: maxFiles }) : undefined;

  function change(changes: Parameters<typeof store.change>[0], ...mended: ExcuseProblem[]) {
    store.change(changes);
    setAnswer((before) => {
      if (before?.kind !== 'invalid') return before;
      const problems = before.problems.filter((one) => !mended.includes(one));
      return problems.length === 0 ? undefined : { ...before, problems };
    });
  }

  async function send() {
    if (isBusy || isWaiting) return;
    const problems = findMissing(asShown(store.state(), form.current));
    setAnswer(problems.length === 0 ? undefined : { kind: 'invalid', problems });
    if (problems.length > 0) return;
    setWaiting(true);
    await uploads.settled();
    setWaiting(false);
    const documents = uploads.list();
    if (!documents.every(hasArrived)) {
      setAnswer({ kind: 'documents' });
      return;
    }
    const sent = asShown(store.state(), form.current);
    const fileIds = documents.map(({ id }) => id);
    run(
      () => handIn(courseId, requestOf(sent, fileIds)),
      (result) => {
        if (result.kind === 'submitted') {
          store.end();
          setDone({ meetings: meetingsOf(sent, meetings).length, documents: fileIds.length });
          return;
        }
        if (result.kind === 'file-missing') uploads.noteGone(result.fileIds);
        setAnswer(result);
      },
    );
  }

  if (done !== undefined) return <HandedIn courseId={courseId} {...done} documentDays={documentDays} />;

  return (
    <div ref={form} className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-8">
      <noscript>
        <p className="rounded-md border border-line bg-warning-soft p-4">{t('my-excuse.needs-script')}</p>
      </noscript>
      <Step title={t('my-excuse.step.which')}>
        <RadioField
          name="way"
          label={t('my-excuse.way')}
          value={draft.way}
          onChange={(way) => {
            change({ way }, 'meetings', 'days');
          }}
          choices={(['meetings', 'days'] as const).map((way) => ({
            value: way,
            label: t(`my-excuse.way.${way}`),
          }))}
          className="mb-4"
        />
        {draft.way === 'days' ? (
          <DaysChoice
            fromDay={draft.fromDay}
            toDay={draft.toDay}
            onChange={(days) => {
              change(days, 'days');
            }}
            meetings={meetingsOf(draft, meetings)}
            thisYear={thisYear}
            problem={tell('days')}
          />
        ) : meetings.length === 0 ? (
          <p className="text-quiet">{t('my-excuse.meetings.empty')}</p>
        ) : (
          <MeetingChoice
            meetings={meetings}
            now={now}
            thisYear={thisYear}
            value={draft.meetingIds}
            onChange={(meetingIds) => {
              change({ meetingIds }, 'meetings');
            }}
            problem={tell('meetings')}
          />
        )}
      </Step>

      <Step title={t('my-excuse.step.why')}>
        <RadioField<ExcuseReason | ''>
          name="reason"
          label={t('my-excuse.reason')}
          value={draft.reason}
          onChange={(reason) => {
            change({ reason }, 'reason');
          }}
          problem={tell('reason')}
          choices={excuseReasons.map((reason) => ({ value: reason, label: t(`excuse.reason.${reason}`) }))}
        />
        <TextAreaField
          name="text"
          label={
            <>
              {t('my-excuse.text')} <span className="font-normal text-quiet">({t('form.optional')})</span>
            </>
          }
          hint={
            <>
              {t('my-excuse.text.diagnosis')}{' '}
              {t(areAssistantsReaders ? 'my-excuse.text.readers.staff' : 'my-excuse.text.readers.teachers')}
              {draft.text.length > maxText * 0.8 && (
                <> {t('my-excuse.text.hint', { count: draft.text.length, max: maxText })}</>
              )}
            </>
          }
          value={draft.text}
          onChange={(text) => {
            change({ text }, 'text');
          }}
          problem={tell('text')}
          className="mt-4"
        />
      </Step>

      <Step title={t('my-excuse.step.documents')} lead={t('my-excuse.documents.lead')}>
        <DocumentsField
          courseId={courseId}
          uploads={uploads}
          list={list}
          room={maxFiles}
          maxFileBytes={maxFileBytes}
          problem={answer?.kind === 'documents' ? t('my-excuse.problem.documents') : tell('files')}
        />
      </Step>

      <div>
        {(answer !== undefined || problem !== undefined) && (
          <div
            ref={alertBox}
            role="alert"
            tabIndex={-1}
            className="mb-4 flex gap-3 rounded-md border border-danger bg-danger-soft p-4"
          >
            <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
            <div>
              <p className="font-semibold">{t('my-excuse.problem.title')}</p>
              {answer !== undefined && <Told answer={answer} tell={tell} />}
              {answer === undefined && problem !== undefined && (
                <p>
                  {problem === 'unreachable'
                    ? t(lostAnswer('my-excuse.problem.unreachable'))
                    : `${tellError(problem, t)} ${t('my-excuse.problem.kept')}`}
                </p>
              )}
            </div>
          </div>
        )}
        {!isOnline && (
          <p role="status" className="mb-4 flex gap-3 rounded-md border border-line bg-warning-soft p-4">
            <WifiOff aria-hidden className="mt-0.5 size-5 shrink-0 text-late" />
            {t('my-excuse.offline')}
          </p>
        )}
        <button
          type="button"
          aria-disabled={isBusy || isWaiting}
          onClick={() => void send()}
          className={`w-full sm:w-auto ${buttonStyle({ kind: 'primary', size: 'large' })}`}
        >
          {t(isBusy ? 'my-excuse.send.busy' : isWaiting ? 'my-excuse.send.uploading' : 'my-excuse.send')}
        </button>
        <p className="mt-2 text-sm text-quiet">{t('my-excuse.send.draft')}</p>
      </div>
    </div>
  );
}

/** What was wrong with documents is mended once they are there, or gone from the list. */
function withoutDocuments(answer: Answer | undefined): Answer | undefined {
  return answer?.kind === 'documents' || answer?.kind === 'file-missing' ? undefined : answer;
}

/** Why it was not handed in, as sentences. */
function Told({ answer, tell }: { answer: Answer; tell: (place: ExcuseProblem) => string | undefined }) {
  const t = useTranslate();
  switch (answer.kind) {
    case 'invalid':
      return answer.problems.map((place) => <p key={place}>{tell(place)}</p>);
    case 'nothing-to-excuse':
      return <p>{t('my-excuse.problem.nothing')}</p>;
    case 'file-missing':
      return <p>{t('my-excuse.problem.gone')}</p>;
    case 'documents':
      return <p>{t('my-excuse.problem.documents')}</p>;
  }
}
