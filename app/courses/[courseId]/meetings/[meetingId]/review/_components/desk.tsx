'use client';

import { Undo2, X } from 'lucide-react';
import { createContext, use, useCallback, useEffect, useRef, useState, useTransition } from 'react';
import type { ReactNode } from 'react';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import type { Decision } from '#lib/reviews/load-review.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../../_components/new-version.tsx';
import { decide } from '../actions.ts';
import type { Place } from '../actions.ts';

interface ToDecide {
  checkInIds: string[];
  /** Whom it is about, as they are told of. */
  names: string[];
  decision: Decision | null;
  /** What stood there before, so that one press takes it back. */
  was: Decision | null;
}

interface Desk {
  place: Place;
  isBusy: boolean;
  /** Does something, and says so where it was refused or got no answer. The page shows what came of it. */
  attempt: <Value>(act: () => Promise<ActionResult<Value>>, done: (value: Value) => void) => Promise<void>;
  /** The same, one at a time: what is pressed meanwhile is not done. */
  run: <Value>(act: () => Promise<ActionResult<Value>>, done: (value: Value) => void) => void;
  onDecide: (wanted: ToDecide) => void;
}

const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (desk === undefined) throw new Error('a button of the review list stands outside of it');
  return desk;
}

/** What all buttons of the review page share: one thing at a time, what was done last, and the way back. */
export function ReviewDesk({
  courseId,
  meetingId,
  children,
}: Place & {
  children: ReactNode;
}) {
  const t = useTranslate();
  const [isBusy, startWork] = useTransition();
  const [problem, setProblem] = useState<ErrorCode | 'unreachable'>();
  const [done, setDone] = useState<{ said: string; undo: ToDecide }>();
  const undoButton = useRef<HTMLButtonElement>(null);

  const attempt = useCallback<Desk['attempt']>(async (act, then) => {
    setProblem(undefined);
    try {
      const result = await act();
      if (result.ok) then(result.value);
      else setProblem(result.code);
    } catch {
      setProblem('unreachable');
    }
  }, []);
  const run = useCallback<Desk['run']>(
    (act, then) => {
      if (!isBusy) startWork(() => attempt(act, then));
    },
    [isBusy, attempt],
  );

  const onDecide = useCallback(
    (wanted: ToDecide) => {
      const { checkInIds, names, decision, was } = wanted;
      run(
        () => decide({ courseId, meetingId }, checkInIds, decision),
        () => {
          const told =
            names.length === 1 ? (names[0] ?? '') : t('reviewing.said.many', { count: names.length });
          setDone({
            said: t(`reviewing.said.${decision ?? 'undone'}`, { names: told }),
            undo: { ...wanted, decision: was, was: decision },
          });
        },
      );
    },
    [run, courseId, meetingId, t],
  );

  // The button that was pressed goes with its card: whoever works with the keyboard goes on from the way back.
  useEffect(() => {
    if (done !== undefined && document.activeElement === document.body) undoButton.current?.focus();
  }, [done, isBusy]);

  return (
    <DeskContext value={{ place: { courseId, meetingId }, isBusy, attempt, run, onDecide }}>
      {children}
      <div className="pointer-events-none sticky bottom-4 z-10 mt-6 flex justify-center empty:hidden">
        {problem !== undefined ? (
          <p role="alert" className="rounded-md border border-danger bg-danger-soft px-4 py-2 text-danger">
            {problem === 'unreachable' ? t(lostAnswer('reviewing.failed')) : tellError(problem, t)}
          </p>
        ) : (
          done !== undefined && (
            <div
              data-testid="undo"
              className="pointer-events-auto flex max-w-full items-center gap-2 rounded-md border border-line bg-paper py-1.5 pr-1.5 pl-4 text-sm shadow-pop"
            >
              <span role="status" className="min-w-0">
                <bdi>{done.said}</bdi>
              </span>
              <button
                ref={undoButton}
                type="button"
                className={buttonStyle({ kind: 'quiet', size: 'small' })}
                onClick={() => {
                  onDecide(done.undo);
                }}
              >
                <Undo2 aria-hidden className="size-4" />
                {t('reviewing.undo')}
              </button>
              <button
                type="button"
                aria-label={t('reviewing.close')}
                className={buttonStyle({ kind: 'quiet', size: 'small' })}
                onClick={() => {
                  setDone(undefined);
                }}
              >
                <X aria-hidden className="size-4" />
              </button>
            </div>
          )
        )}
      </div>
    </DeskContext>
  );
}
