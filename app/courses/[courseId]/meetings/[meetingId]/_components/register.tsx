'use client';

import { useLiveMeeting } from '../../../../../_components/use-live-meeting.ts';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { CheckInState } from './check-in-state.tsx';
import { ConnectionBand } from './connection-band.tsx';
import { MeetingHead } from './meeting-head.tsx';
import { RegisterList } from './register-list.tsx';

/** A meeting's register: it fills while one looks on. */
export function Register({
  courseId,
  initial,
  serverNow,
}: {
  courseId: string;
  initial: RegisterView;
  serverNow: string;
}) {
  const { register, connection, enter } = useLiveMeeting(courseId, initial);
  return (
    <main className="flex flex-col gap-6 pt-5">
      <MeetingHead courseId={courseId} meeting={register.meeting} />
      <CheckInState
        courseId={courseId}
        meeting={register.meeting}
        window={register.window}
        serverNow={serverNow}
      />
      <RegisterList courseId={courseId} register={register} onMarked={enter} />
      <ConnectionBand connection={connection} />
    </main>
  );
}
