'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../../_components/new-version.tsx';
import { useLiveMeeting } from '../../../../../../_components/use-live-meeting.ts';
import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { ProjectorView } from '#lib/check-in-windows/load-projector.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { prolong, start, stop } from '../../actions.ts';
import { canBeProlonged, phaseAt, tellWhen } from '../../_components/window-phase.ts';
import { CodeOnWall } from './code-on-wall.tsx';
import { LargeCode } from './large-code.tsx';
import { OfflineBand } from './offline-band.tsx';
import { CancelledMeeting, ClosedCheckIn, NothingToShow, OutOfCodes, PlannedCheckIn } from './no-code.tsx';
import { Toolbar } from './toolbar.tsx';
import { useCodes } from './use-codes.ts';
import { useKeptChoice } from './use-kept-choice.ts';
import { useForcedScheme, useSystemIsDark, useWakeLock } from './use-screen.ts';
import { WhoIsHere } from './who-is-here.tsx';

/** So many names fit beside the code on a small projector. */
const lastNames = 3;
const here: readonly string[] = ['present', 'late', 'partial'];

/** What hangs on the wall: the code, how to use it, who is here; or, in the other direction, who has left. */
export function Wall({ courseId, initial }: { courseId: string; initial: ProjectorView }) {
  const t = useTranslate();
  const { direction } = initial;
  const way = { courseId, meetingId: initial.meeting.id, direction };
  const { register, arrivals, connection: stream } = useLiveMeeting(courseId, initial);
  const codes = useCodes(way, initial);
  const [failure, setFailure] = useState<ErrorCode | 'offline'>();
  const [isBusy, setBusy] = useState(false);
  const [view, chooseView] = useKeptChoice('sk-wall-view', ['qr', 'large']);
  const [names, chooseNames, namesKnown] = useKeptChoice('sk-wall-names', ['shown', 'hidden']);
  const [scheme, chooseScheme] = useKeptChoice('sk-wall-scheme', ['system', 'light', 'dark']);
  const systemIsDark = useSystemIsDark();
  useForcedScheme(scheme === 'system' ? undefined : scheme);
  const isDark = scheme === 'dark' || (scheme === 'system' && systemIsDark);

  // Opened, planned, prolonged or closed, here or by somebody else: the stream says so first, the codes follow.
  const told = register.windows.find((window) => window.direction === direction);
  const heard = told === undefined ? '' : `${told.id} ${told.opensAt} ${told.closesAt}`;
  const known = useRef(heard);
  const { ask, nowMs } = codes;
  useEffect(() => {
    if (known.current === heard) return;
    known.current = heard;
    ask();
  }, [heard, ask]);
  // The stream hears first, too, that the network is away, the login over or the meeting gone.
  useEffect(() => {
    if (stream !== 'live') ask();
  }, [stream, ask]);

  async function run(act: (of: typeof way) => Promise<ActionResult<null>>) {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await act(way);
      if (answer.ok) ask();
      else setFailure(answer.code);
    } catch {
      setFailure('offline');
    }
    setBusy(false);
  }

  const { window: shown } = codes;
  const { meeting, rows, expected } = register;
  const phase = phaseAt({ meeting, windows: shown === null ? [] : [shown] }, direction, nowMs);
  // The stream may say it before the codes do.
  const isCancelled = meeting.state === 'cancelled';
  const isOpen = shown !== null && phase === 'open' && !isCancelled;
  useWakeLock(phase === 'open' || phase === 'planned');

  const { connection } = codes;
  const isRefused = connection === 'refused' || connection === 'gone';
  const isLost = connection === 'lost';
  const tell = (at: string) => tellWhen(new Date(at), meeting.timeZone, t.language, nowMs);
  const present = rows.filter(({ record }) => record !== null && here.includes(record.status));
  const whoIsHere = (showsNames: boolean) =>
    direction === 'in' ? (
      <WhoIsHere
        direction="in"
        // Guests and late enrolments may stand in the register without having been expected.
        count={t('wall.here', { here: present.length, expected: Math.max(present.length, expected) })}
        newest={showsNames ? newestOf(rows, arrivals) : undefined}
      />
    ) : (
      <WhoIsHere
        direction="out"
        count={t('wall.left', { left: leaversOf(rows).length, here: present.length })}
        newest={showsNames ? leaversOf(rows).slice(0, lastNames) : undefined}
      />
    );

  const state = isCancelled
    ? t('register.cancelled.title')
    : isOpen
      ? `${t(`wall.direction.${direction}`)}: ${t('wall.until', { time: tell(shown.closesAt) })}`
      : shown !== null && phase === 'planned'
        ? t(`wall.planned.title.${direction}`, { time: tell(shown.opensAt) })
        : t(direction === 'out' ? 'wall.closed.title.out' : 'wall.closed.title');

  return (
    <div className="fixed inset-0 z-50 flex flex-col overflow-auto bg-ground text-ink">
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 px-[2vw] pt-[1.5dvh]">
        <h1 className="flex min-w-0 flex-1 items-baseline gap-x-[0.75em] portrait:basis-full portrait:flex-wrap text-[clamp(1.125rem,min(3.2dvh,3vw),4rem)] font-semibold">
          <span className="shrink-0 rounded-sm bg-brand px-[0.5em] text-on-brand">
            {t(`wall.direction.${direction}`)}
          </span>
          <span className="min-w-0 landscape:truncate portrait:line-clamp-2">
            <bdi>{meetingName(meeting, t)}</bdi>
            <span className="font-normal text-quiet">
              {' '}
              · <bdi>{initial.course.title}</bdi>
            </span>
          </span>
        </h1>
        {isOpen && (
          <p className="text-[clamp(1rem,min(2.6dvh,2.5vw),3rem)] text-quiet">
            {t('wall.until', { time: tell(shown.closesAt) })}
          </p>
        )}
      </header>
      {/* For a screen reader: what changes, without the seconds that count down. */}
      <p role="status" className="sr-only">
        {!isRefused && (isLost ? t('wall.offline.none') : state)}
      </p>
      {isLost && <OfflineBand secondsInHand={isOpen ? codes.secondsInHand : undefined} />}
      <main className="flex flex-1 portrait:min-h-fit landscape:min-h-112 landscape:@container-size">
        {isRefused ? (
          <NothingToShow because={connection} />
        ) : isCancelled ? (
          <CancelledMeeting way={way} />
        ) : shown !== null && phase === 'planned' ? (
          <PlannedCheckIn
            way={way}
            opensAt={tell(shown.opensAt)}
            isBusy={isBusy}
            onStart={() => void run(start)}
          />
        ) : !isOpen ? (
          <ClosedCheckIn way={way} isOver={phase === 'over'} isBusy={isBusy} onStart={() => void run(start)}>
            {whoIsHere(false)}
          </ClosedCheckIn>
        ) : codes.current === undefined ? (
          <OutOfCodes />
        ) : view === 'large' ? (
          <LargeCode typed={codes.current.typed} publicUrl={initial.publicUrl} isDark={isDark} />
        ) : (
          <CodeOnWall
            code={codes.current}
            publicUrl={initial.publicUrl}
            stepSeconds={shown.stepSeconds}
            nowMs={nowMs}
          >
            {whoIsHere(namesKnown && names === 'shown')}
          </CodeOnWall>
        )}
      </main>
      {failure !== undefined && (
        <p role="alert" className="px-[2vw] py-2 text-center text-danger">
          {failure === 'offline' ? t(lostAnswer('wall.failed.offline')) : tellError(failure, t)}
        </p>
      )}
      {!isRefused && (
        <Toolbar
          way={way}
          isOpen={isOpen}
          canProlong={isOpen && canBeProlonged(meeting, shown)}
          isBusy={isBusy}
          isDark={isDark}
          isLarge={view === 'large'}
          showsNames={names === 'shown'}
          onProlong={() => void run(prolong)}
          onEnd={() => void run(stop)}
          onView={() => {
            chooseView(view === 'large' ? 'qr' : 'large');
          }}
          onNames={() => {
            chooseNames(names === 'shown' ? 'hidden' : 'shown');
          }}
          onScheme={() => {
            chooseScheme(isDark ? 'light' : 'dark');
          }}
        />
      )}
    </div>
  );
}

/** Who came last, while this page looked on. */
function newestOf(rows: readonly RegisterRow[], arrivals: readonly string[]): RegisterRow[] {
  const byId = new Map(rows.map((row) => [row.membershipId, row]));
  return arrivals
    .map((id) => byId.get(id))
    .filter((row) => row !== undefined)
    .slice(0, lastNames);
}

/** Who has checked out, the last one first. */
function leaversOf(rows: readonly RegisterRow[]): RegisterRow[] {
  const leftAt = ({ record }: RegisterRow) =>
    record?.source === 'check-in' ? (record.spans.at(-1)?.to ?? '') : '';
  return rows
    .filter((row) => leftAt(row) !== '')
    .sort((one, other) => leftAt(other).localeCompare(leftAt(one)));
}
