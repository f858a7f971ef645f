'use client';

import { CircleCheckBig, LockOpen } from 'lucide-react';
import { useState } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { ErrorCode } from '#lib/base/errors.ts';
import { formatDay, formatTime } from '#lib/i18n/format.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { lostAnswer } from '../../../../../_components/new-version.tsx';
import { close, reopen } from '../actions.ts';
import type { Register } from './use-register.ts';

/** At the end of the list: all done? Says before what it does. */
export function CloseState({
  courseId,
  register: { view, entries, queue },
  hasBegun,
}: {
  courseId: string;
  register: Register;
  hasBegun: boolean;
}) {
  const t = useTranslate();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorCode | 'offline'>();
  const { meeting, autoAbsent } = view;
  const place = { courseId, meetingId: meeting.id };

  async function run(act: typeof close) {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await act(place);
      if (!answer.ok) setFailure(answer.code);
    } catch {
      setFailure('offline');
    }
    setBusy(false);
  }

  const untaken = entries.filter(({ row, record }) => row.isExpected && record === null).length;
  const hindrance = !hasBegun ? 'early' : queue.marks.size > 0 ? 'unsaved' : undefined;
  const closed =
    meeting.closedAt === null
      ? undefined
      : {
          day: formatDay(new Date(meeting.closedAt), meeting.timeZone, t.language),
          time: formatTime(new Date(meeting.closedAt), meeting.timeZone, t.language),
        };
  return (
    <section
      aria-labelledby="close-state"
      className={`flex flex-wrap items-center justify-between gap-4 rounded-md border p-4 ${
        closed === undefined ? 'border-line bg-sunken' : 'border-present bg-present-soft'
      }`}
    >
      <div className="min-w-0 flex-1 basis-72">
        <h2 id="close-state" className="font-semibold" aria-live="polite">
          {closed === undefined ? t('register.close.title') : t('register.closed.title', closed)}
        </h2>
        <p className="text-sm text-quiet">
          {closed === undefined
            ? `${t('register.close.lead')} ${t(autoAbsent ? 'register.close.auto-absent' : 'register.close.untaken', { count: untaken })}`
            : t('register.closed.lead')}
        </p>
      </div>
      {closed === undefined ? (
        <div className="flex flex-wrap items-center gap-3">
          {hindrance !== undefined && (
            <span className="text-sm text-quiet">{t(`register.close.${hindrance}`)}</span>
          )}
          <button
            type="button"
            disabled={isBusy || hindrance !== undefined}
            className={buttonStyle({ kind: 'second' })}
            onClick={() => void run(close)}
          >
            <CircleCheckBig aria-hidden className="size-4" />
            {t('register.close.go')}
          </button>
        </div>
      ) : (
        <button
          type="button"
          disabled={isBusy}
          className={buttonStyle({ kind: 'second' })}
          onClick={() => void run(reopen)}
        >
          <LockOpen aria-hidden className="size-4" />
          {t('register.closed.reopen')}
        </button>
      )}
      {failure !== undefined && (
        <p role="alert" className="w-full text-sm text-danger">
          {failure === 'offline' ? t(lostAnswer('register.failed.offline')) : tellError(failure, t)}
        </p>
      )}
    </section>
  );
}
