'use client';

import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { MarksAnswer } from '../../../../../../api/courses/[courseId]/meetings/[meetingId]/marks/route.ts';
import type { MarkRequest } from '#lib/attendance/input.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { emptyQueue, openMarkSender } from './mark-sender.ts';
import type { Answer, MarkSender, PostAnswer, QueueState } from './mark-sender.ts';
import { lastingStore } from './mark-store.ts';

/** An answer that takes longer is taken for lost; the same marks are sent again. */
const patienceMs = 20_000;

interface Place {
  courseId: string;
  meetingId: string;
  /** The viewer's membership: marks are kept and sent as theirs alone. */
  owner: string;
}

/** The marks of this register that the server does not have yet, and the one sender that brings them there. */
export function useMarkSender(
  { courseId, meetingId, owner }: Place,
  { isLive, onAnswered }: { isLive: boolean; onAnswered: (answers: readonly Answer[]) => void },
): { sender: MarkSender; queue: QueueState } {
  const sender = useMemo(() => {
    const name = `sk-marks/${owner}/${meetingId}`;
    return openMarkSender({
      store: lastingStore({ owner, meetingId }),
      post: (marks) => post({ courseId, meetingId, owner }, marks),
      alone: (work) => alone(name, work),
      tellTabs: () => {
        tellTabs(name);
      },
      newId: () => crypto.randomUUID(),
      onAnswered,
    });
  }, [courseId, meetingId, owner, onAnswered]);
  const queue = useSyncExternalStore(sender.watch, sender.state, () => emptyQueue);

  useEffect(() => {
    sender.start();
    const heard = hearTabs(`sk-marks/${owner}/${meetingId}`, sender.heardOfChange);
    window.addEventListener('online', sender.tryNow);
    return () => {
      sender.stop();
      heard();
      window.removeEventListener('online', sender.tryNow);
    };
  }, [sender, owner, meetingId]);

  // The stream is back: so is the network, and perhaps the sign-in.
  useEffect(() => {
    if (isLive) sender.tryNow();
  }, [sender, isLive]);

  const isAtRisk = !queue.isLasting && queue.marks.size > 0;
  useEffect(() => {
    if (!isAtRisk) return;
    const warn = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => {
      window.removeEventListener('beforeunload', warn);
    };
  }, [isAtRisk]);

  return { sender, queue };
}

async function post({ courseId, meetingId, owner }: Place, marks: MarkRequest[]): Promise<PostAnswer> {
  try {
    const response = await fetch(`/api/courses/${courseId}/meetings/${meetingId}/marks`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ marks, by: owner }),
      signal: AbortSignal.timeout(patienceMs),
    });
    if (response.status === 429 || response.status >= 500) return { kind: 'unreachable' };
    const answer = (await response.json()) as MarksAnswer | { error: ErrorCode };
    return 'results' in answer
      ? { kind: 'answered', results: answer.results }
      : { kind: 'refused', code: answer.error };
  } catch {
    // No network, or something between us and the server that answers in its place.
    return { kind: 'unreachable' };
  }
}

/** Where tabs cannot agree, two may send the same: the server takes it as one. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const begun: Promise<void>[] = [];
  try {
    await navigator.locks.request(name, () => {
      const working = work();
      begun.push(working);
      return working;
    });
  } catch {
    await (begun[0] ?? work());
  }
}

function tellTabs(name: string): void {
  const channel = openChannel(name);
  channel?.postMessage('changed');
  channel?.close();
}

function hearTabs(name: string, heard: () => void): () => void {
  const channel = openChannel(name);
  channel?.addEventListener('message', heard);
  return () => channel?.close();
}

/** Nothing where a browser forbids it: then a tab learns at its next look. */
function openChannel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
