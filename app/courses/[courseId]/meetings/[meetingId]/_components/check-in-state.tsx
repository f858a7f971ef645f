'use client';

import {
  CirclePause,
  CirclePlay,
  Clock,
  Plus,
  Printer,
  Projector,
  QrCode,
  Square,
  Undo2,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../_components/new-version.tsx';
import { OpenInNewWindow } from '../../../../../_components/open-in-new-window.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { minuteMs } from '#lib/base/minute.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { prolong, stop } from '../actions.ts';
import { MoreWays } from './more-ways.tsx';
import { useServerClock } from './use-server-clock.ts';
import { canBeProlonged, phaseAt, tellWhen } from './window-phase.ts';
import type { Phase } from './window-phase.ts';

type View = Pick<RegisterView, 'meeting' | 'windows' | 'policy' | 'opening'>;

/** Where check-in and check-out stand, the way to the wall, and whatever else can be opened or printed. */
export function CheckInState({
  courseId,
  view,
  serverNow,
}: {
  courseId: string;
  view: View;
  serverNow: string;
}) {
  const t = useTranslate();
  const { nowMs } = useServerClock(serverNow);
  const { meeting, windows, policy } = view;
  const phases = {
    in: phaseAt(view, 'in', nowMs),
    out: phaseAt(view, 'out', nowMs),
  };
  const hasOut = policy.checkOutRequired || windows.some(({ direction }) => direction === 'out');
  // When the meeting is over, what is left of it is its check-out, as long as there is one.
  const isOver = phases.in === 'over' && phases.out === 'over';
  const shown = (['in', 'out'] as const).filter((direction) =>
    direction === 'in' ? isOver || phases.in !== 'over' || !hasOut : hasOut && !isOver,
  );
  const isOpen = phases.in === 'open' || phases.out === 'open';
  return (
    <section
      aria-label={t('register.check-in')}
      className={`flex flex-col gap-4 rounded-md border p-4 ${
        isOpen ? 'border-present bg-present-soft' : 'border-line bg-sunken'
      }`}
    >
      {shown.map((direction) => (
        <WindowState
          key={direction}
          courseId={courseId}
          view={view}
          direction={direction}
          phase={phases[direction]}
          nowMs={nowMs}
        />
      ))}
      <div className="-mx-2 -my-2 flex flex-wrap items-center gap-x-2">
        {!isOver && <MoreWays courseId={courseId} view={view} phases={phases} nowMs={nowMs} />}
        <OpenInNewWindow
          action="/handover"
          fields={{ to: `/courses/${courseId}/meetings/${meeting.id}/print/desk` }}
          blockedText={t('window.blocked')}
        >
          <button type="submit" className={buttonStyle({ kind: 'quiet', size: 'small' })}>
            <Printer aria-hidden className="size-4" />
            {t('register.desk')}
          </button>
        </OpenInNewWindow>
      </div>
    </section>
  );
}

/** Whoever opens a check-in so long before its meeting may mean another one. */
const farAheadMs = 120 * minuteMs;

const icons = {
  open: [CirclePlay, 'text-present'],
  planned: [Clock, 'text-brand'],
  closed: [CirclePause, 'text-quiet'],
  over: [CirclePause, 'text-quiet'],
} as const satisfies Record<Phase, readonly [LucideIcon, string]>;

function WindowState({
  courseId,
  view: { meeting, windows },
  direction,
  phase,
  nowMs,
}: {
  courseId: string;
  view: View;
  direction: Direction;
  phase: Phase;
  nowMs: number;
}) {
  const t = useTranslate();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorCode | 'offline'>();

  async function run(
    act: (way: { courseId: string; meetingId: string; direction: Direction }) => Promise<ActionResult<null>>,
  ) {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await act({ courseId, meetingId: meeting.id, direction });
      if (!answer.ok) setFailure(answer.code);
    } catch {
      setFailure('offline');
    }
    setBusy(false);
  }

  const shown = windows.find((window) => window.direction === direction);
  const words = direction === 'in' ? 'register.check-in' : 'register.check-out';
  const [Icon, colour] = icons[phase];
  const tell = (at: string | undefined) =>
    at === undefined ? '' : tellWhen(new Date(at), meeting.timeZone, t.language, nowMs);
  const isFarAhead =
    direction === 'in' && phase === 'closed' && Date.parse(meeting.startsAt) - nowMs > farAheadMs;
  const times = {
    time: tell(phase === 'planned' ? shown?.opensAt : shown?.closesAt),
    until: tell(shown?.closesAt),
  };
  const page = `/courses/${courseId}/meetings/${meeting.id}`;
  const inWindow = (action: string, fields: Record<string, string>, button: ReactNode) => (
    <OpenInNewWindow action={action} fields={fields} blockedText={t('window.blocked')}>
      {button}
    </OpenInNewWindow>
  );
  const opening = (kind: 'primary' | 'second', ButtonIcon: LucideIcon, word: string) =>
    inWindow(
      `/courses/${courseId}/check-in`,
      { meetingId: meeting.id, direction },
      <button type="submit" className={buttonStyle({ kind })}>
        <ButtonIcon aria-hidden className="size-5" />
        {word}
      </button>,
    );
  const acting = (kind: 'second' | 'danger', ButtonIcon: LucideIcon, word: string, act: () => void) => (
    <button type="button" disabled={isBusy} className={buttonStyle({ kind })} onClick={act}>
      <ButtonIcon aria-hidden className="size-4" />
      {word}
    </button>
  );
  const isStatic = shown?.stepSeconds === null;

  return (
    <div
      role="group"
      aria-labelledby={`window-${direction}`}
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3"
    >
      <div className="flex min-w-0 flex-1 basis-56 items-center gap-3">
        <Icon aria-hidden className={`size-6 shrink-0 ${colour}`} />
        <div className="min-w-0">
          <h2 id={`window-${direction}`} className="font-semibold" aria-live="polite">
            {t(`${words}.${phase}`, times)}
          </h2>
          <p className="text-sm text-quiet">
            {isFarAhead
              ? t('register.check-in.early.lead', { time: tell(meeting.startsAt) })
              : t(`${words}.${phase}.lead`, times)}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {phase === 'closed' && opening('primary', QrCode, t(`${words}.start`))}
        {phase === 'open' && opening('primary', Projector, t('register.check-in.wall'))}
        {phase === 'planned' && opening('primary', QrCode, t('register.check-in.now'))}
        {phase === 'planned' &&
          inWindow(
            '/handover',
            { to: `${page}/projector${direction === 'out' ? '?direction=out' : ''}` },
            <button type="submit" className={buttonStyle({ kind: 'second' })}>
              <Projector aria-hidden className="size-5" />
              {t('register.check-in.waiting-wall')}
            </button>,
          )}
        {isStatic &&
          (phase === 'open' || phase === 'planned') &&
          inWindow(
            '/handover',
            { to: `${page}/print/sheet/${direction}` },
            <button type="submit" className={buttonStyle({ kind: 'second' })}>
              <Printer aria-hidden className="size-5" />
              {t('register.sheet')}
            </button>,
          )}
        {phase === 'open' &&
          shown !== undefined &&
          canBeProlonged(meeting, shown) &&
          acting('second', Plus, t('register.check-in.prolong'), () => void run(prolong))}
        {phase === 'open' && acting('danger', Square, t(`${words}.stop`), () => void run(stop))}
        {phase === 'planned' &&
          acting('second', Undo2, t('register.check-in.withdraw'), () => void run(stop))}
      </div>
      {failure !== undefined && (
        <p role="alert" className="w-full text-sm text-danger">
          {failure === 'offline' ? t(lostAnswer('register.failed.offline')) : tellError(failure, t)}
        </p>
      )}
    </div>
  );
}
