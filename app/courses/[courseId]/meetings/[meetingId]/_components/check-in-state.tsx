'use client';

import { CirclePause, CirclePlay, Plus, Projector, QrCode, Square } from 'lucide-react';
import { useState } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { OpenInNewWindow } from '../../../../../_components/open-in-new-window.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { formatTime } from '#lib/i18n/format.ts';
import { prolong, stop } from '../actions.ts';
import { useServerClock } from './use-server-clock.ts';

/** Closed, open until when, or over; and the way to the wall. */
export function CheckInState({
  courseId,
  meeting,
  window: opened,
  serverNow,
}: {
  courseId: string;
  meeting: RegisterView['meeting'];
  window: RegisterView['window'];
  serverNow: string;
}) {
  const t = useTranslate();
  const { nowMs } = useServerClock(serverNow);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorCode | 'offline'>();

  async function run(act: (place: { courseId: string; meetingId: string }) => Promise<ActionResult<null>>) {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await act({ courseId, meetingId: meeting.id });
      if (!answer.ok) setFailure(answer.code);
    } catch {
      setFailure('offline');
    }
    setBusy(false);
  }

  const isOver = nowMs >= Date.parse(meeting.endsAt);
  // Nobody announces that the time is up: the clock does.
  const isOpen = opened !== null && nowMs < Date.parse(opened.closesAt);
  const state = isOpen ? 'open' : isOver ? 'over' : 'closed';
  const time = isOpen ? formatTime(new Date(opened.closesAt), meeting.timeZone, t.language) : '';

  const wall = (button: React.ReactNode) => (
    <OpenInNewWindow
      action={`/courses/${courseId}/check-in`}
      fields={{ meetingId: meeting.id }}
      blockedText={t('window.blocked')}
    >
      {button}
    </OpenInNewWindow>
  );

  return (
    <section
      aria-labelledby="check-in-state"
      className={`flex flex-wrap items-center justify-between gap-4 rounded-md border p-4 ${
        isOpen ? 'border-present bg-present-soft' : 'border-line bg-sunken'
      }`}
    >
      <div className="flex min-w-0 items-center gap-3">
        {isOpen ? (
          <CirclePlay aria-hidden className="size-6 shrink-0 text-present" />
        ) : (
          <CirclePause aria-hidden className="size-6 shrink-0 text-quiet" />
        )}
        <div className="min-w-0">
          <h2 id="check-in-state" className="font-semibold" aria-live="polite">
            {t(`register.check-in.${state}`, { time })}
          </h2>
          <p className="text-sm text-quiet">{t(`register.check-in.${state}.lead`)}</p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {isOpen ? (
          <>
            {wall(
              <button type="submit" className={buttonStyle({ kind: 'primary' })}>
                <Projector aria-hidden className="size-5" />
                {t('register.check-in.wall')}
              </button>,
            )}
            <button
              type="button"
              disabled={isBusy}
              className={buttonStyle({ kind: 'second' })}
              onClick={() => void run(prolong)}
            >
              <Plus aria-hidden className="size-4" />
              {t('register.check-in.prolong')}
            </button>
            <button
              type="button"
              disabled={isBusy}
              className={buttonStyle({ kind: 'danger' })}
              onClick={() => void run(stop)}
            >
              <Square aria-hidden className="size-4" />
              {t('register.check-in.stop')}
            </button>
          </>
        ) : (
          !isOver &&
          wall(
            <button type="submit" className={buttonStyle({ kind: 'primary' })}>
              <QrCode aria-hidden className="size-5" />
              {t('register.check-in.start')}
            </button>,
          )
        )}
      </div>
      {failure !== undefined && (
        <p role="alert" className="w-full text-sm text-danger">
          {failure === 'offline'
            ? t('register.failed.offline')
            : `${t(`errors.${failure}.title`)} ${t(`errors.${failure}.todo`)}`}
        </p>
      )}
    </section>
  );
}
