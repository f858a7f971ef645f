'use client';

import { useCallback, useRef, useState } from 'react';
import { v4 as newPressId } from 'uuid';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { help, takeBack } from '../actions.ts';
import type { Helped, Press } from '../actions.ts';

/** What is told of the last press or scan. */
export type Outcome =
  | Helped
  /** The screen knew already. */
  | { kind: 'known'; name: string; direction: Direction }
  | { kind: 'undone' | 'undo-too-late'; name: string }
  | { kind: 'failed'; code: ErrorCode | 'unreachable' };

export interface Help {
  outcome: { id: number; told: Outcome } | undefined;
  /** The memberships that are being entered. */
  busyWith: ReadonlySet<string>;
  press: (given: Omit<Press, 'attemptId'>) => void;
  undo: () => void;
  /** Shows something else, or nothing, in place of the last outcome. */
  tell: (instead: Outcome | undefined) => void;
}

/** Enters one press after another, in their order, and keeps what came of the last. */
export function useHelp(place: { courseId: string; meetingId: string }): Help {
  const { courseId, meetingId } = place;
  const [outcome, setOutcome] = useState<Help['outcome']>();
  const [busyWith, setBusyWith] = useState<ReadonlySet<string>>(new Set());
  const count = useRef(0);
  const waiting = useRef(new Set<string>());
  const line = useRef(Promise.resolve());

  const tell = useCallback((told: Outcome | undefined) => {
    count.current += 1;
    setOutcome(told && { id: count.current, told });
  }, []);

  /** @param what the same twice, before the first is done, is one */
  const run = useCallback(
    (what: string, act: () => Promise<Outcome>) => {
      if (waiting.current.has(what)) return;
      waiting.current.add(what);
      setBusyWith(new Set(waiting.current));
      line.current = line.current.then(async () => {
        tell(await act().catch((): Outcome => ({ kind: 'failed', code: 'unreachable' })));
        waiting.current.delete(what);
        setBusyWith(new Set(waiting.current));
      });
    },
    [tell],
  );

  const press = useCallback(
    (given: Omit<Press, 'attemptId'>) => {
      const { whom } = given;
      run('scanned' in whom ? whom.scanned : whom.membershipId, async () => {
        const answer = await help({ courseId, meetingId }, { ...given, attemptId: newPressId() });
        // A phone says by a short buzz what its holder does not look at.
        if (answer.ok && 'scanned' in whom && 'vibrate' in navigator) navigator.vibrate(80);
        return answer.ok ? answer.value : { kind: 'failed', code: answer.code };
      });
    },
    [courseId, meetingId, run],
  );

  const undo = useCallback(() => {
    const told = outcome?.told;
    if (told === undefined || !('checkInId' in told)) return;
    const { checkInId, name } = told;
    run(checkInId, async () => {
      const answer = await takeBack({ courseId, meetingId }, checkInId);
      if (!answer.ok) return { kind: 'failed', code: answer.code };
      return { kind: answer.value.kind === 'taken-back' ? 'undone' : 'undo-too-late', name };
    });
  }, [courseId, meetingId, outcome, run]);

  return { outcome, busyWith, press, undo, tell };
}
