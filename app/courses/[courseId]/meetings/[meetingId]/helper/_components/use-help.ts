'use client';

import { useCallback, useRef, useState } from 'react';
import { v4 as newPressId } from 'uuid';
import type { ErrorCode } from '#lib/base/errors.ts';
import { help, takeBack } from '../actions.ts';
import type { Helped, Press } from '../actions.ts';

/** What is told of the last press or scan. */
export type Outcome =
  | Helped
  /** The screen knew already. */
  | { kind: 'known'; name: string; direction: 'in' | 'out' }
  | { kind: 'undone' | 'undo-too-late'; name: string }
  | { kind: 'failed'; code: ErrorCode | 'unreachable' };

export interface Help {
  outcome: { id: number; told: Outcome } | undefined;
  /** The membership that is being entered. */
  busyWith: string | undefined;
  press: (given: Omit<Press, 'attemptId'>) => void;
  undo: () => void;
  /** Shows something else in place of the last outcome. */
  forget: (instead: Outcome | undefined) => void;
}

/** Enters one press after another, and keeps what came of the last. */
export function useHelp(place: { courseId: string; meetingId: string }): Help {
  const { courseId, meetingId } = place;
  const [outcome, setOutcome] = useState<Help['outcome']>();
  const [busyWith, setBusyWith] = useState<string>();
  const count = useRef(0);
  const isBusy = useRef(false);

  const tell = useCallback((told: Outcome | undefined) => {
    count.current += 1;
    setOutcome(told && { id: count.current, told });
  }, []);

  const run = useCallback(
    async (act: () => Promise<Outcome>) => {
      if (isBusy.current) return;
      isBusy.current = true;
      tell(await act().catch((): Outcome => ({ kind: 'failed', code: 'unreachable' })));
      isBusy.current = false;
      setBusyWith(undefined);
    },
    [tell],
  );

  const press = useCallback(
    (given: Omit<Press, 'attemptId'>) => {
      if (isBusy.current) return;
      setBusyWith('membershipId' in given.whom ? given.whom.membershipId : undefined);
      void run(async () => {
        const answer = await help({ courseId, meetingId }, { ...given, attemptId: newPressId() });
        // A phone says by a short buzz what its holder does not look at.
        if (answer.ok && 'scanned' in given.whom && 'vibrate' in navigator) navigator.vibrate(80);
        return answer.ok ? answer.value : { kind: 'failed', code: answer.code };
      });
    },
    [courseId, meetingId, run],
  );

  const undo = useCallback(() => {
    const told = outcome?.told;
    if (told === undefined || !('checkInId' in told)) return;
    const { checkInId, name } = told;
    void run(async () => {
      const answer = await takeBack({ courseId, meetingId }, checkInId);
      if (!answer.ok) return { kind: 'failed', code: answer.code };
      return { kind: answer.value.kind === 'taken-back' ? 'undone' : 'undo-too-late', name };
    });
  }, [courseId, meetingId, outcome, run]);

  return { outcome, busyWith, press, undo, forget: tell };
}
