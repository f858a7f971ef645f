'use client';

import { useMemo } from 'react';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { CheckInState } from './check-in-state.tsx';
import { CloseState } from './close-state.tsx';
import { ConnectionBand } from './connection-band.tsx';
import { MeetingHead } from './meeting-head.tsx';
import { RegisterList } from './register-list.tsx';
import { ReviewLink } from './review-link.tsx';
import { Refusal } from './save-state.tsx';
import { useRegister } from './use-register.ts';
import { useCourseOfTime, useServerNow } from './use-server-now.ts';

/** A meeting's register: it fills while one looks on. */
export function Register({
  courseId,
  initial,
  serverNow,
}: {
  courseId: string;
  /** A `RegisterView`, as JSON. */
  initial: string;
  serverNow: string;
}) {
  const view = useMemo(() => JSON.parse(initial) as RegisterView, [initial]);
  const register = useRegister(courseId, view);
  const { meeting, mayMark } = register.view;
  const now = useServerNow(serverNow);
  const time = useCourseOfTime(meeting, now);
  const isCancelled = meeting.state === 'cancelled';
  return (
    <main className="flex flex-col gap-6 pt-5">
      <MeetingHead courseId={courseId} meeting={meeting} mayMark={mayMark} />
      {mayMark && !isCancelled && (
        <CheckInState courseId={courseId} view={register.view} serverNow={serverNow} />
      )}
      <Refusal queue={register.queue} onTry={register.tryNow} />
      {mayMark && <ReviewLink courseId={courseId} meetingId={meeting.id} entries={register.entries} />}
      <RegisterList courseId={courseId} register={register} isRunning={time === 'during'} now={now} />
      {mayMark && !isCancelled && (
        <CloseState courseId={courseId} register={register} hasBegun={time !== 'before'} />
      )}
      <ConnectionBand connection={register.connection} />
    </main>
  );
}
