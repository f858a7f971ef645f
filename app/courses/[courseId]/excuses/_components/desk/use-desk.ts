'use client';

import { useCallback, useState } from 'react';
import type { ErrorCode } from '#lib/base/errors.ts';
import { isolated } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { useTranslate } from '../../../../../_components/language.tsx';
import { useAction } from '../../../../../_components/use-action.ts';
import { useUndoKey } from '../../../../../_components/use-undo-key.ts';
import { decide, takeBack } from '../../decide-actions.ts';
import type { ToldExcuse } from './tell-excuse.ts';

/** What a teacher has begun to decide; it stays while they look at others, and when a decision is refused. */
export interface Draft {
  /** Meetings that are not ticked. */
  declined: readonly string[];
  note: string;
}

const noDraft: Draft = { declined: [], note: '' };

/** What was decided last, for whoever wants it undone. */
interface Done {
  id: number;
  what: string;
  names: string;
  decided: { excuseId: string; revision: number }[];
}

/** What is to be read above the excuse that is open. */
type Alert = { kind: 'conflict'; excuseId: string } | { kind: 'some'; done: number; left: number };

interface Desk {
  /** The queue, without what was decided here a moment ago. */
  queue: ToldExcuse[];
  shown: ToldExcuse | undefined;
  draft: Draft;
  /** Ticked and still waiting. */
  ticked: ToldExcuse[];
  tickedNote: string;
  isBusy: boolean;
  problem: ErrorCode | 'unreachable' | undefined;
  alert: Alert | undefined;
  done: Done | undefined;
  /** For screen readers. */
  said: string;
  /** Rises whenever the keyboard has to go to what is shown. */
  moves: number;
  open: (id: string) => void;
  change: (changed: Partial<Draft>) => void;
  tick: (ids: readonly string[], isTicked: boolean) => void;
  changeTickedNote: (note: string) => void;
  /** Meetings that are not named are declined. */
  decideShown: (acceptedMeetingIds: string[]) => void;
  decideTicked: (how: 'accepted' | 'declined') => void;
  takeBackShown: () => void;
  undo: () => void;
  forgetDone: () => void;
}

/**
 * What a teacher does at the queue of excuses. What stands there comes from the server, again after each decision; what
 * is open, ticked and typed stays here.
 */
export function useDesk({
  courseId,
  show,
  excuses,
  opened,
  firstOpen,
}: {
  courseId: string;
  show: 'waiting' | 'decided' | 'all';
  excuses: readonly ToldExcuse[];
  /** The one that the address names, when it is not among them. */
  opened: ToldExcuse | undefined;
  /** What is open when the page comes. */
  firstOpen: string | undefined;
}): Desk {
  const t = useTranslate();
  const { isBusy, problem, run } = useAction();
  const [openId, setOpenId] = useState(firstOpen);
  const [held, setHeld] = useState<ToldExcuse>();
  const [answered, setAnswered] = useState<ToldExcuse>();
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const [tickedIds, setTickedIds] = useState<ReadonlySet<string>>(new Set());
  const [tickedNote, setTickedNote] = useState('');
  const [decidedHere, setDecidedHere] = useState<ReadonlySet<string>>(new Set());
  const [alert, setAlert] = useState<Alert>();
  const [done, setDone] = useState<Done>();
  const [said, setSaid] = useState('');
  const [moves, setMoves] = useState(0);

  const queue = excuses.filter((excuse) => show !== 'waiting' || !decidedHere.has(versionOf(excuse)));
  // The newest of what is known of it. It may have left the queue by somebody else's hand; what is typed about it stays.
  const [known] = [...queue, opened, answered, held]
    .filter((one) => one !== undefined && one.id === openId)
    .toSorted((a, b) => (b?.revision ?? 0) - (a?.revision ?? 0));
  const shown = openId === undefined ? queue[0] : known;
  if (shown !== held) setHeld(shown);
  const ticked = queue.filter(({ id, state }) => state === 'submitted' && tickedIds.has(id));
  const draft = (shown === undefined ? undefined : drafts.get(shown.id)) ?? noDraft;

  const open = (id: string | undefined) => {
    setOpenId(id);
    setAlert(undefined);
    setMoves((count) => count + 1);
  };

  const untick = (ids: readonly string[]) => {
    setTickedIds((known) => new Set([...known].filter((id) => !ids.includes(id))));
  };

  const send = (targets: readonly { excuse: ToldExcuse; acceptedMeetingIds: string[] }[], note: string) => {
    run(
      () =>
        decide(
          courseId,
          targets.map(({ excuse, acceptedMeetingIds }) => ({
            ...{ excuseId: excuse.id, revision: excuse.revision, acceptedMeetingIds, note },
          })),
        ),
      ({ results, now }) => {
        setAnswered(now);
        const decided = targets.flatMap(({ excuse, acceptedMeetingIds }, index) => {
          const result = results[index];
          return result?.kind === 'decided'
            ? [{ excuse, accepted: acceptedMeetingIds.length, revision: result.revision }]
            : [];
        });
        const ids = decided.map(({ excuse }) => excuse.id);
        const left = targets.length - decided.length;
        setDecidedHere((known) => new Set([...known, ...decided.map(({ excuse }) => versionOf(excuse))]));
        untick(ids);
        // What was told to some is not told to others by mistake.
        if (left === 0 && targets.length > 1) setTickedNote('');
        if (decided.length > 0) {
          const what = tellDone(decided, t);
          const next = nextOf(queue, ids);
          setDone((last) => ({
            ...{
              id: (last?.id ?? 0) + 1,
              what,
              names: namesOf(
                decided.map(({ excuse }) => excuse),
                t,
              ),
            },
            decided: decided.map(({ excuse, revision }) => ({ excuseId: excuse.id, revision })),
          }));
          setSaid(
            `${what}. ${next === undefined ? t('desk-excuse.said.none-left') : t('desk-excuse.said.next', { name: isolated(next.name) })}`,
          );
          if (left === 0) open(next?.id ?? (show === 'waiting' ? undefined : ids[0]));
        }
        const [first] = targets;
        if (left > 0 && first !== undefined) {
          setAlert(
            targets.length === 1
              ? { kind: 'conflict', excuseId: first.excuse.id }
              : { kind: 'some', done: decided.length, left },
          );
        }
      },
    );
  };

  const back = (decided: Done['decided'], names: string) => {
    setDone(undefined);
    run(
      () => takeBack(courseId, decided),
      ({ results, now }) => {
        setAnswered(now);
        const first = decided[0]?.excuseId;
        open(first);
        if (results.every(({ kind }) => kind === 'taken-back')) {
          setSaid(t('desk-excuse.said.taken-back', { names }));
        } else if (first !== undefined) setAlert({ kind: 'conflict', excuseId: first });
      },
    );
  };

  const undo = () => {
    if (done !== undefined && !isBusy) back(done.decided, done.names);
  };
  useUndoKey(undo);

  return {
    ...{ queue, shown, draft, ticked, tickedNote, isBusy, problem, alert, said, moves, open, undo },
    // While something is on its way, nothing else can be begun.
    done: isBusy ? undefined : done,
    change: (changed) => {
      if (shown === undefined) return;
      setOpenId(shown.id);
      setDrafts((known) => new Map(known).set(shown.id, { ...(known.get(shown.id) ?? noDraft), ...changed }));
    },
    tick: (ids, isTicked) => {
      if (isTicked) setTickedIds((known) => new Set([...known, ...ids]));
      else untick(ids);
    },
    decideShown: (acceptedMeetingIds) => {
      if (shown !== undefined) send([{ excuse: shown, acceptedMeetingIds }], draft.note);
    },
    changeTickedNote: setTickedNote,
    decideTicked: (how) => {
      send(
        ticked.map((excuse) => ({
          excuse,
          acceptedMeetingIds: how === 'accepted' ? excuse.meetings.map(({ id }) => id) : [],
        })),
        tickedNote,
      );
    },
    takeBackShown: () => {
      if (shown === undefined) return;
      back([{ excuseId: shown.id, revision: shown.revision }], isolated(shown.name));
    },
    forgetDone: useCallback(() => {
      setDone(undefined);
    }, []),
  };
}

const versionOf = ({ id, revision }: ToldExcuse) => `${id} ${String(revision)}`;

/** The next one that waits after those that were decided, else the first one that waits. */
function nextOf(queue: readonly ToldExcuse[], decidedIds: readonly string[]): ToldExcuse | undefined {
  const waits = ({ id, state }: ToldExcuse) => state === 'submitted' && !decidedIds.includes(id);
  const at = queue.findIndex(({ id }) => decidedIds.includes(id));
  return queue.slice(at + 1).find(waits) ?? queue.find(waits);
}

function namesOf(excuses: readonly ToldExcuse[], t: Translate): string {
  const [first] = excuses;
  return excuses.length === 1 && first !== undefined
    ? isolated(first.name)
    : t('desk-excuse.said.many', { count: excuses.length });
}

function tellDone(decided: readonly { excuse: ToldExcuse; accepted: number }[], t: Translate): string {
  const names = namesOf(
    decided.map(({ excuse }) => excuse),
    t,
  );
  const [first] = decided;
  if (first === undefined || decided.every(({ accepted }) => accepted === 0)) {
    return t('desk-excuse.said.declined', { names });
  }
  const all = first.excuse.meetings.length;
  return decided.length > 1 || first.accepted === all
    ? t('desk-excuse.said.accepted', { names })
    : t('desk-excuse.said.partly', { names, count: first.accepted, all });
}
