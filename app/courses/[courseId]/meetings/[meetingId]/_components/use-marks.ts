'use client';

import { useCallback, useState } from 'react';
import type { markableStatuses } from '#lib/attendance/input.ts';
import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { RecordView } from '#lib/live/notices.ts';
import { mark } from '../actions.ts';

/** What a teacher enters; null takes it back. */
export type Wanted = (typeof markableStatuses)[number] | null;

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
      const request = { courseId, meetingId, membershipId, status: wanted, revision: sentRevision };
      mark(request).then(
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

/** Whether the record is already what the teacher wants it to be. */
export function saysTeacher(record: RecordView | null, wanted: Wanted): boolean {
  if (wanted === null) return record?.source !== 'teacher';
  return record?.source === 'teacher' && record.status === wanted;
}
