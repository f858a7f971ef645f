'use client';

import { useEffect, useRef, useState } from 'react';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { useLiveMeeting } from '../../../../../../_components/use-live-meeting.ts';
import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { ProjectorView } from '#lib/check-in-windows/load-projector.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { formatTime, meetingName } from '#lib/i18n/format.ts';
import { prolong, startAgain, stop } from '../../actions.ts';
import { CodeOnWall } from './code-on-wall.tsx';
import { OfflineBand } from './offline-band.tsx';
import { ClosedCheckIn, EndedLogin, OutOfCodes } from './no-code.tsx';
import { Toolbar } from './toolbar.tsx';
import { useCodes } from './use-codes.ts';
import { useKeptChoice } from './use-kept-choice.ts';
import { useForcedScheme, useSystemIsDark, useWakeLock } from './use-screen.ts';
import { WhoIsHere } from './who-is-here.tsx';

/** So many names fit beside the code on a small projector. */
const lastNames = 6;
const here: readonly string[] = ['present', 'late', 'partial'];

/** What hangs on the wall: the code, how to use it, who is here. */
export function Wall({ courseId, initial }: { courseId: string; initial: ProjectorView }) {
  const t = useTranslate();
  const place = { courseId, meetingId: initial.meeting.id };
  const { register, arrivals } = useLiveMeeting(courseId, initial);
  const codes = useCodes(courseId, initial.meeting.id, initial);
  const [failure, setFailure] = useState<ErrorCode | 'offline'>();
  const [isBusy, setBusy] = useState(false);
  const [names, chooseNames] = useKeptChoice('sk-wall-names', ['shown', 'hidden']);
  const [scheme, chooseScheme] = useKeptChoice('sk-wall-scheme', ['system', 'light', 'dark']);
  const systemIsDark = useSystemIsDark();
  useForcedScheme(scheme === 'system' ? undefined : scheme);
  const isDark = scheme === 'dark' || (scheme === 'system' && systemIsDark);

  // Opened, prolonged or closed, here or by somebody else: the stream says so first, the codes follow.
  const heard = register.window === null ? '' : `${register.window.id} ${register.window.closesAt}`;
  const known = useRef(heard);
  const { ask, nowMs } = codes;
  useEffect(() => {
    if (known.current === heard) return;
    known.current = heard;
    ask();
  }, [heard, ask]);

  async function run(act: (of: typeof place) => Promise<ActionResult<null>>) {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await act(place);
      if (answer.ok) ask();
      else setFailure(answer.code);
    } catch {
      setFailure('offline');
    }
    setBusy(false);
  }

  const opened = codes.window;
  const isOpen = opened !== null && nowMs < Date.parse(opened.closesAt);
  useWakeLock(isOpen);

  const { meeting, rows, expected } = register;
  const byId = new Map(rows.map((row) => [row.membershipId, row]));
  const newest = arrivals
    .map((id) => byId.get(id))
    .filter((row): row is RegisterRow => row !== undefined)
    .slice(0, lastNames);
  const count = rows.filter(({ record }) => record !== null && here.includes(record.status)).length;
  const until = isOpen ? formatTime(new Date(opened.closesAt), meeting.timeZone, t.language) : undefined;

  return (
    <div className="fixed inset-0 z-50 flex flex-col overflow-auto bg-ground text-ink">
      <header className="flex flex-wrap items-baseline justify-between gap-x-6 px-[2vw] pt-[1.5dvh]">
        <h1 className="min-w-0 text-[clamp(1.125rem,3.2dvh,2.25rem)] font-semibold md:truncate">
          {meetingName(meeting, t)}
          <span className="font-normal text-quiet"> · {initial.course.title}</span>
        </h1>
        {until !== undefined && (
          <p className="text-[clamp(1rem,2.6dvh,1.75rem)] text-quiet">{t('wall.until', { time: until })}</p>
        )}
      </header>
      {codes.connection === 'lost' && isOpen && <OfflineBand secondsInHand={codes.secondsInHand} />}
      <main className="flex min-h-0 flex-1 max-md:min-h-fit md:min-h-80 md:@container-size">
        {codes.connection === 'refused' ? (
          <EndedLogin />
        ) : !isOpen ? (
          <ClosedCheckIn
            place={place}
            isOver={nowMs >= Date.parse(meeting.endsAt)}
            isBusy={isBusy}
            onStart={() => void run(startAgain)}
          >
            <WhoIsHere count={count} expected={expected} newest={undefined} />
          </ClosedCheckIn>
        ) : codes.current === undefined ? (
          <OutOfCodes />
        ) : (
          <CodeOnWall
            code={codes.current}
            publicUrl={initial.publicUrl}
            stepSeconds={opened.stepSeconds}
            nowMs={nowMs}
          >
            <WhoIsHere count={count} expected={expected} newest={names === 'shown' ? newest : undefined} />
          </CodeOnWall>
        )}
      </main>
      {failure !== undefined && (
        <p role="alert" className="px-[2vw] py-2 text-center text-danger">
          {failure === 'offline'
            ? t('wall.failed.offline')
            : `${t(`errors.${failure}.title`)} ${t(`errors.${failure}.todo`)}`}
        </p>
      )}
      {codes.connection !== 'refused' && (
        <Toolbar
          isOpen={isOpen}
          isBusy={isBusy}
          isDark={isDark}
          showsNames={names === 'shown'}
          onProlong={() => void run(prolong)}
          onEnd={() => void run(stop)}
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
