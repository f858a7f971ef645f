'use client';

import { useState, useTransition } from 'react';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

/** Runs one server action at a time, and keeps why the last one was not done. */
export function useAction(): {
  isBusy: boolean;
  problem: ErrorCode | 'unreachable' | undefined;
  run: <Value>(act: () => Promise<ActionResult<Value>>, done: (value: Value) => void) => void;
} {
  const [problem, setProblem] = useState<ErrorCode | 'unreachable'>();
  const [isBusy, start] = useTransition();
  return {
    isBusy,
    problem,
    run: (act, done) => {
      if (isBusy) return;
      setProblem(undefined);
      start(async () => {
        try {
          const result = await act();
          if (result.ok) done(result.value);
          else setProblem(result.code);
        } catch {
          setProblem('unreachable');
        }
      });
    },
  };
}
