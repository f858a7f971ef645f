import { CircleCheck, CircleX } from 'lucide-react';
import { localOfInstant } from '#lib/base/time.ts';
import type { MyExcusesView } from '#lib/excuses/load-my-excuses.ts';
import { maxFiles } from '#lib/base/excuse-limits.ts';
import { formatDay, formatTime, meetingName } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { StatusLabel } from '../../../../_components/status.tsx';
import { ExcuseStateLabel } from '../../_components/excuse-state.tsx';
import { When } from '../../_components/when.tsx';
import { AddDocuments } from './add-documents.tsx';
import { MyDocuments } from './my-documents.tsx';
import { WithdrawExcuse } from './withdraw-excuse.tsx';

type Excuse = MyExcusesView['excuses'][number];

/** One excuse: what it is about, what was decided, and what can still be done. */
export function MyExcuse({
  courseId,
  excuse,
  timeZone,
  thisYear,
  maxFileBytes,
  t,
}: {
  courseId: string;
  excuse: Excuse;
  timeZone: string;
  thisYear: string;
  maxFileBytes: number;
  t: Translate;
}) {
  const { id, state, fromDay, toDay, submittedAt, decidedAt, withdrawnAt, decisionNote, meetings } = excuse;
  const documents = excuse.files.filter(({ discardedAt }) => discardedAt === null);
  const tellDay = (at: Date) =>
    formatDay(at, timeZone, t.language, { year: !localOfInstant(at, timeZone).startsWith(thisYear) });
  const tellMoment = (at: Date) => `${tellDay(at)}, ${formatTime(at, timeZone, t.language)}`;
  // Days are taken as UTC, so that they do not depend on any zone.
  const tellDate = (day: string) =>
    formatDay(new Date(`${day}T00:00:00Z`), 'UTC', t.language, { year: !day.startsWith(thisYear) });
  const accepted = meetings.filter(({ decision }) => decision === 'accepted').length;
  const isPartly = state === 'accepted' && accepted < meetings.length;
  return (
    <article
      id={id}
      tabIndex={-1}
      aria-label={`${t(`excuse.reason.${excuse.reason}`)}, ${t(`excuse.state.${state}`)}, ${t('my-excuse.submitted-at', { at: tellMoment(submittedAt) })}`}
      className="rounded-md border border-line p-4 sm:p-5"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5">
        <h2 className="text-lg font-semibold first-letter:uppercase">
          {t(`excuse.reason.${excuse.reason}`)}
        </h2>
        <span className="flex flex-wrap items-center gap-x-2">
          <ExcuseStateLabel state={state} word={t(`excuse.state.${state}`)} />
          {isPartly && (
            <span className="text-sm font-medium">
              {t('my-excuse.partly', { accepted, count: meetings.length })}
            </span>
          )}
        </span>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-quiet">
        <span>{t('my-excuse.submitted-at', { at: tellMoment(submittedAt) })}</span>
        {decidedAt !== null && <span>· {t('my-excuse.decided-at', { at: tellMoment(decidedAt) })}</span>}
        {withdrawnAt !== null && (
          <span>· {t('my-excuse.withdrawn-at', { at: tellMoment(withdrawnAt) })}</span>
        )}
        {state === 'submitted' && <span>· {t('my-excuse.waits')}</span>}
      </p>

      {fromDay !== null && toDay !== null && (
        <p className="mt-3 font-medium">
          {fromDay === toDay
            ? tellDate(fromDay)
            : t('my-excuse.days', { from: tellDate(fromDay), to: tellDate(toDay) })}
        </p>
      )}
      {meetings.length === 0 ? (
        <p className="mt-3 text-quiet">{t('my-excuse.no-meetings')}</p>
      ) : (
        <ul className="mt-3 border-t border-line">
          {meetings.map((meeting) => (
            <li
              key={meeting.id}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2.5"
            >
              <span className="sm:w-56">
                <When meeting={meeting} thisYear={thisYear} language={t.language} />
              </span>
              <span className="min-w-0 flex-1 basis-40">{meetingName(meeting, t)}</span>
              <Decision meeting={meeting} t={t} />
              {meeting.status !== null && (
                <StatusLabel status={meeting.status} word={t(`status.${meeting.status}`)} />
              )}
              {meeting.decision === 'accepted' && meeting.effect === 'was-there' && (
                <span className="w-full text-sm text-quiet">{t('my-excuse.changed-nothing')}</span>
              )}
            </li>
          ))}
        </ul>
      )}

      {decisionNote !== null && (
        <div className="mt-3 rounded-md bg-brand-soft p-3">
          <p className="text-sm font-medium">{t('my-excuse.note')}</p>
          <p className="whitespace-pre-line" dir="auto">
            {decisionNote}
          </p>
        </div>
      )}
      {excuse.text !== null && (
        <div className="mt-3">
          <p className="text-sm text-quiet">{t('my-excuse.your-words')}</p>
          <p className="max-w-prose whitespace-pre-line" dir="auto">
            {excuse.text}
          </p>
        </div>
      )}
      {excuse.files.length > 0 && (
        <MyDocuments courseId={courseId} files={excuse.files} tellDay={tellDay} t={t} />
      )}
      {state === 'submitted' && (
        <div className="mt-4 flex flex-wrap items-start gap-3">
          <AddDocuments
            courseId={courseId}
            excuseId={id}
            room={maxFiles - documents.length}
            maxFileBytes={maxFileBytes}
          />
          <WithdrawExcuse courseId={courseId} excuseId={id} documents={documents.length} />
        </div>
      )}
    </article>
  );
}

/** What was decided for one meeting, by sign, word and colour. */
function Decision({ meeting: { decision }, t }: { meeting: Excuse['meetings'][number]; t: Translate }) {
  if (decision === null) return null;
  const [Sign, colour] = decision === 'accepted' ? [CircleCheck, 'text-present'] : [CircleX, 'text-absent'];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-medium ${colour}`}>
      <Sign aria-hidden className="size-4 shrink-0" />
      {t(`excuse.state.${decision}`)}
    </span>
  );
}
