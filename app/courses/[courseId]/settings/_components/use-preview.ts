'use client';

import { useEffect, useState } from 'react';
import type { PreviewAnswer } from '../../../../api/courses/[courseId]/policy-preview/route.ts';
import type { EnteredPolicy } from './policy-draft.ts';

/** Long enough that a number is typed as a whole. */
const quietMs = 350;

export type Preview =
  | PreviewAnswer
  | { kind: 'idle' }
  /** What was shown before stays beside it, so that nothing jumps. */
  | { kind: 'loading'; last: PreviewAnswer | undefined }
  | { kind: 'failed' };

/**
 * Whom a policy would change, asked as it is entered. Only the answer to what stands there now counts: an older request
 * is broken off.
 *
 * @param entered null: nothing was changed
 */
export function usePreview(courseId: string, entered: EnteredPolicy | null): [Preview, retry: () => void] {
  const [attempt, setAttempt] = useState(0);
  const [answered, setAnswered] = useState<{
    question: string;
    answer: PreviewAnswer | { kind: 'failed' };
  }>();
  const body = entered === null ? null : JSON.stringify(entered);
  const question = `${String(attempt)} ${body ?? ''}`;

  useEffect(() => {
    if (body === null) return;
    const asking = new AbortController();
    const timer = setTimeout(() => {
      void ask(courseId, body, asking.signal).then((answer) => {
        if (!asking.signal.aborted) setAnswered({ question, answer });
      });
    }, quietMs);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [courseId, body, question]);

  const retry = () => {
    setAttempt((before) => before + 1);
  };
  if (body === null) return [{ kind: 'idle' }, retry];
  if (answered?.question === question) return [answered.answer, retry];
  const last = answered?.answer.kind === 'failed' ? undefined : answered?.answer;
  return [{ kind: 'loading', last }, retry];
}

async function ask(
  courseId: string,
  body: string,
  signal: AbortSignal,
): Promise<PreviewAnswer | { kind: 'failed' }> {
  try {
    const answer = await fetch(`/api/courses/${courseId}/policy-preview`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      signal,
    });
    return answer.ok ? ((await answer.json()) as PreviewAnswer) : { kind: 'failed' };
  } catch {
    return { kind: 'failed' };
  }
}
