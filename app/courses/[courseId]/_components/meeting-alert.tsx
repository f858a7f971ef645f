import type { Ref } from 'react';
import { formatDay } from '#lib/i18n/format.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { lostAnswer } from '../../../_components/new-version.tsx';
import { MeetingConflict } from './meeting-conflict.tsx';
import type { MeetingDraft } from './meeting-draft.ts';
import type { MeetingAnswer } from './meeting-form.tsx';

/** What came back instead of "saved", and what can be done about it. */
export function MeetingAlert({
  ref,
  answer,
  draft,
  sections,
  onSave,
  onBack,
  onKeep,
  onTake,
}: {
  ref: Ref<HTMLDivElement>;
  answer: MeetingAnswer;
  draft: MeetingDraft;
  sections: readonly { id: string; name: string }[];
  onSave: () => void;
  onBack: () => void;
  onKeep: (revision: number) => void;
  onTake: (theirs: MeetingDraft, revision: number) => void;
}) {
  const t = useTranslate();
  const look = answer.kind === 'preview' ? 'border-brand bg-brand-soft' : 'border-danger bg-danger-soft';
  return (
    <div ref={ref} role="alert" tabIndex={-1} className={`rounded-md border p-4 ${look}`}>
      {answer.kind === 'invalid' && <p>{t('form.problems')}</p>}
      {answer.kind === 'unreachable' && <p>{t(lostAnswer('form.unreachable'))}</p>}
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
          sections={sections}
          onKeep={() => {
            onKeep(answer.revision);
          }}
          onTake={() => {
            onTake(answer.theirs, answer.revision);
          }}
        />
      )}
      {answer.kind === 'impossible' && (
        <>
          <p className="font-semibold">{t('form.impossible')}</p>
          <ul className="my-2 list-disc pl-5">
            {answer.meetings.map(({ localStart, problem }) => (
              <li key={localStart}>
                {formatDay(new Date(`${localStart.slice(0, 10)}T00:00:00Z`), 'UTC', t.language, {
                  year: true,
                })}
                {': '}
                {t(problem)}
              </li>
            ))}
          </ul>
          <p>{t('form.impossible.todo')}</p>
        </>
      )}
      {answer.kind === 'preview' && (
        <>
          <p className="font-semibold">{t('form.preview', { count: answer.changes })}</p>
          {answer.changes > 0 && <p>{t('form.preview.records', { count: answer.withRecords })}</p>}
          <div className="mt-3 flex flex-wrap gap-3">
            {answer.changes > 0 && (
              <button type="button" onClick={onSave} className={buttonStyle({ kind: 'primary' })}>
                {t('form.preview.save', { count: answer.changes })}
              </button>
            )}
            <button type="button" onClick={onBack} className={buttonStyle({ kind: 'second' })}>
              {t('form.preview.back')}
            </button>
          </div>
        </>
      )}
    </div>
  );
}
