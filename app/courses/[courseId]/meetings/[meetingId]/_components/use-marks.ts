'use client';

import { useCallback, useState } from 'react';
import type { MarkRequest, wordStatuses } from '#lib/attendance/input.ts';
import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { RecordView } from '#lib/live/notices.ts';

/** What a teacher enters; null takes it back. */
export type Wanted = (typeof wordStatuses)[number] | null;

export type MarkState =
  | { kind: 'pending'; wanted: Wanted }
  | { kind: 'saved' }
  /** Somebody else was faster; the row shows what stands there. */
  | { kind: 'conflict'; wanted: Wanted }
  | { kind: 'failed'; wanted: Wanted; code: ErrorCode | 'offline' };

export interface Answer {
  membershipId: string;
  sentRevision: number;
  record: RecordView | null;
}

/** The marks that this page sends, and what became of each. */
export function useMarks(
  place: { courseId: string; meetingId: string },
  onMarked: (answer: Answer) => void,
): {
  marks: ReadonlyMap<string, MarkState>;
  send: (row: RegisterRow, wanted: Wanted) => void;
  dismiss: (membershipId: string) => void;
} {
  const { courseId, meetingId } = place;
  const [marks, setMarks] = useState<ReadonlyMap<string, MarkState>>(new Map());

  const note = useCallback((membershipId: string, state: MarkState | undefined) => {
    setMarks((known) => {
      const next = new Map(known);
      if (state === undefined) next.delete(membershipId);
      else next.set(membershipId, state);
      return next;
    });
  }, []);

  const send = useCallback(
    (row: RegisterRow, wanted: Wanted) => {
      const { membershipId } = row;
      const sentRevision = row.record?.revision ?? 0;
      note(membershipId, { kind: 'pending', wanted });
      const change =
        wanted === null ? { kind: 'take-back' as const } : { kind: 'word' as const, status: wanted };
      post({ courseId, meetingId }, { membershipId, revision: sentRevision, change }).then(
        (answer) => {
          if (!answer.ok) {
            note(membershipId, { kind: 'failed', wanted, code: answer.code });
            return;
          }
          const { kind, record } = answer.value;
          onMarked({ membershipId, sentRevision, record });
          // After a lost answer the second try finds what the first one wrote.
          const stands = kind === 'marked' || saysTeacher(record, wanted);
          note(membershipId, stands ? { kind: 'saved' } : { kind: 'conflict', wanted });
        },
        () => {
          note(membershipId, { kind: 'failed', wanted, code: 'offline' });
        },
      );
    },
    [courseId, meetingId, note, onMarked],
  );

  const dismiss = useCallback(
    (membershipId: string) => {
      note(membershipId, undefined);
    },
    [note],
  );
  return { marks, send, dismiss };
}

type Answered = { ok: true; value: Pick<MarkResult, 'kind' | 'record'> } | { ok: false; code: ErrorCode };

async function post(place: { courseId: string; meetingId: string }, mark: MarkRequest): Promise<Answered> {
  const response = await fetch(`/api/courses/${place.courseId}/meetings/${place.meetingId}/marks`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ marks: [mark] }),
  });
  const answer = (await response.json()) as { results?: MarkResult[]; error?: ErrorCode };
  const [result] = answer.results ?? [];
  return result === undefined ? { ok: false, code: answer.error ?? 'internal' } : { ok: true, value: result };
}

/** Whether the record is already what the teacher wants it to be. */
export function saysTeacher(record: RecordView | null, wanted: Wanted): boolean {
  if (wanted === null) return record?.source !== 'teacher';
  return record?.source === 'teacher' && record.status === wanted;
}
