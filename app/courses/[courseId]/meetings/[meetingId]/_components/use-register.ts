'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useLiveMeeting } from '../../../../../_components/use-live-meeting.ts';
import type { Connection } from '../../../../../_components/use-live-meeting.ts';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { RecordView } from '#lib/live/notices.ts';
import { changesBackTo, judgingOf, stands } from './marks/mark-change.ts';
import type { Change, Judging } from './marks/mark-change.ts';
import type { Answer, QueueState } from './marks/mark-sender.ts';
import { useMarkSender } from './marks/use-mark-sender.ts';
import { entryOf } from './register-entry.ts';
import type { Entry } from './register-entry.ts';

/** So many steps back are kept. */
const keptSteps = 100;
/** Of so many others a screen reader hears the names. */
const namedOthers = 3;

interface Step {
  id: number;
  /** What was done, in words. */
  what: string;
  back: { membershipId: string; changes: Change[] }[];
}

/** The last thing that was done here, for whoever wants it undone. */
type Done = Pick<Step, 'id' | 'what'>;

export interface Register {
  view: RegisterView;
  entries: readonly Entry[];
  judging: Judging;
  queue: QueueState;
  connection: Connection;
  /** Enters changes for members, and says in words what was done. */
  mark: (marks: readonly { entry: Entry; changes: readonly Change[] }[], what: string) => void;
  undo: () => void;
  done: Done | undefined;
  forgetDone: () => void;
  insist: (entry: Entry) => void;
  giveUp: (entry: Entry) => void;
  tryNow: () => void;
  /** What a screen reader is to say. */
  said: string;
  say: (what: string) => void;
}

/** A register with the marks that are on their way, and the steps back. */
export function useRegister(courseId: string, initial: RegisterView): Register {
  const t = useTranslate();
  const { register: view, connection, enter } = useLiveMeeting(courseId, initial);
  const own = useRef(new Map<string, number>());
  const onAnswered = useCallback(
    (answers: readonly Answer[]) => {
      for (const { membershipId, record } of answers) own.current.set(membershipId, record?.revision ?? 0);
      enter(answers);
    },
    [enter],
  );
  const { sender, queue } = useMarkSender(
    { courseId, meetingId: view.meeting.id, owner: initial.viewerMembershipId },
    { isLive: connection === 'live', onAnswered },
  );
  const { meeting, policy, rows } = view;
  const judging = useMemo(() => judgingOf({ meeting, policy }), [meeting, policy]);
  const entries = useMemo(
    () => rows.map((row) => entryOf(row, queue.marks.get(row.membershipId), judging)),
    [rows, queue.marks, judging],
  );

  const [said, say] = useState('');
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const [done, setDone] = useState<Done>();
  useOthersChanges(entries, own, say);

  const mark = useCallback(
    (marks: readonly { entry: Entry; changes: readonly Change[] }[], what: string) => {
      const wanted = marks
        .map(({ entry, changes }) => ({
          entry,
          // In sight of a conflict the same wish again is a decision.
          changes: changes.filter(
            (change) => (entry.queued?.trouble ?? null) !== null || !stands(entry.record, change),
          ),
        }))
        .filter(({ changes }) => changes.length > 0);
      if (wanted.length === 0) return;
      sender.mark(
        wanted.map(({ entry, changes }) => ({
          membershipId: entry.row.membershipId,
          revision: entry.row.record?.revision ?? 0,
          changes,
        })),
      );
      const back = wanted.map(({ entry, changes }) => ({
        membershipId: entry.row.membershipId,
        changes: changesBackTo(entry.record, changes),
      }));
      setSteps((known) => {
        const id = (known.at(-1)?.id ?? 0) + 1;
        return [...known.slice(-keptSteps), { id, what, back }];
      });
      setDone((last) => ({ id: (last?.id ?? 0) + 1, what }));
      say(what);
    },
    [sender],
  );

  const undo = useCallback(() => {
    const step = steps.at(-1);
    if (step === undefined) return;
    const byId = new Map(entries.map((entry) => [entry.row.membershipId, entry]));
    sender.mark(
      step.back.flatMap(({ membershipId, changes }) => {
        const entry = byId.get(membershipId);
        // What was seen last is our own mark: whatever somebody made of it since is not taken back unseen.
        const revision = own.current.get(membershipId) ?? entry?.row.record?.revision ?? 0;
        return entry === undefined ? [] : [{ membershipId, revision, changes }];
      }),
    );
    setSteps(steps.slice(0, -1));
    setDone(undefined);
    say(`${t('register.said.undone')} ${step.what}`);
  }, [steps, entries, sender, t]);

  return {
    ...{ view, entries, judging, queue, connection, mark, undo, done, said, say },
    forgetDone: useCallback(() => {
      setDone(undefined);
    }, []),
    insist: useCallback(
      ({ row }: Entry) => {
        sender.insist(row.membershipId, row.record?.revision ?? 0);
      },
      [sender],
    ),
    giveUp: useCallback(
      ({ row }: Entry) => {
        sender.giveUp(row.membershipId);
      },
      [sender],
    ),
    tryNow: sender.tryNow,
  };
}

/** Says what others changed: check-ins, and marks of other teachers. */
function useOthersChanges(
  entries: readonly Entry[],
  own: RefObject<ReadonlyMap<string, number>>,
  say: (what: string) => void,
): void {
  const t = useTranslate();
  const known = useRef<ReadonlyMap<string, RecordView | null> | undefined>(undefined);
  useEffect(() => {
    const before = known.current;
    known.current = new Map(entries.map(({ row }) => [row.membershipId, row.record]));
    if (before === undefined) return;
    const changed = entries.filter(({ row: { membershipId, record }, queued }) => {
      const last = before.get(membershipId);
      const isSame = last?.revision === record?.revision && last?.status === record?.status;
      return !isSame && queued === undefined && own.current.get(membershipId) !== (record?.revision ?? 0);
    });
    if (changed.length === 0) return;
    const names = changed.map(
      ({ row, record }) => `${row.name}: ${t(`status.${record?.status ?? 'untaken'}`)}`,
    );
    say(
      changed.length <= namedOthers
        ? t('register.said.others', { names: names.join('; ') })
        : t('register.said.others-many', { count: changed.length }),
    );
  }, [entries, own, say, t]);
}
