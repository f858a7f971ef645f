import type { MarkRequest } from '#lib/attendance/input.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { stands } from './mark-change.ts';
import type { Change } from './mark-change.ts';

/** One thing that is wanted of a record; the id tells whether another wish took its place while it was on its way. */
export interface Wish {
  id: string;
  change: Change;
}

/** Why a mark waits for the teacher instead of the network. */
export type Trouble =
  | { kind: 'conflict' | 'no-record' | 'not-replaceable' }
  /** The server takes it from nobody as it is. */
  | { kind: 'refused'; code: ErrorCode };

/** What is still to be entered for one member. */
export interface QueuedMark {
  membershipId: string;
  /** The record's revision that the teacher saw; 0: no record. */
  revision: number;
  /** In the order in which they are sent, one a request. Never empty. */
  wishes: readonly Wish[];
  /** What went out and was not answered: one of it may be entered. */
  unanswered: readonly Change[];
  trouble: Trouble | null;
}

/** Presence comes first: a note and a replaced meeting need a record to stand beside. */
const order = ['presence', 'note', 'replaces'] as const;

function placeOf({ kind }: Change): number {
  return order.indexOf(kind === 'note' || kind === 'replaces' ? kind : 'presence');
}

/**
 * Takes one more wish in. It takes the place of an older one about the same thing. The revision stays the one that was
 * seen first, except where the teacher has seen since what stands there.
 */
export function addWish(
  queued: QueuedMark | undefined,
  { membershipId, revision, wish }: { membershipId: string; revision: number; wish: Wish },
): QueuedMark {
  const place = placeOf(wish.change);
  const others = queued?.wishes.filter(({ change }) => placeOf(change) !== place) ?? [];
  return {
    membershipId,
    revision: queued?.trouble === null ? queued.revision : revision,
    wishes: [...others, wish].sort((a, b) => placeOf(a.change) - placeOf(b.change)),
    unanswered: queued?.unanswered ?? [],
    trouble: null,
  };
}

export interface SentMark extends MarkRequest {
  wishId: string;
}

/** What is to be sent for this member now; undefined while the teacher is to decide. */
export function nextMark({ membershipId, revision, wishes, trouble }: QueuedMark): SentMark | undefined {
  const [wish] = wishes;
  if (wish === undefined || trouble !== null) return undefined;
  return { membershipId, revision, change: wish.change, wishId: wish.id };
}

/**
 * What is left of a member's marks after an answer; undefined: nothing. A conflict with our own mark, of which the
 * answer was lost, is none.
 */
export function settle(queued: QueuedMark, wishId: string, result: MarkResult): QueuedMark | undefined {
  const revision = result.record?.revision ?? 0;
  const isNothing =
    result.kind === 'no-record' &&
    queued.wishes.some((wish) => wish.id === wishId && wantsNothing(wish.change));
  if (result.kind === 'marked' || isNothing) {
    const wishes = queued.wishes.filter((wish) => wish.id !== wishId);
    return wishes.length === 0 ? undefined : { ...queued, revision, wishes, unanswered: [] };
  }
  const { unanswered } = queued;
  if (result.kind === 'conflict' && unanswered.some((change) => stands(result.record, change))) {
    return { ...queued, revision, unanswered: [] };
  }
  return { ...queued, unanswered: [], trouble: { kind: result.kind } };
}

/** No note and no replaced meeting is what there is without a record, too. */
function wantsNothing(change: Change): boolean {
  return (
    (change.kind === 'note' && change.note === '') ||
    (change.kind === 'replaces' && change.meetingId === null)
  );
}

/** A request went out and no answer came. */
export function noteUnanswered(queued: QueuedMark, change: Change): QueuedMark {
  const text = JSON.stringify(change);
  const isKnown = queued.unanswered.some((one) => JSON.stringify(one) === text);
  return isKnown ? queued : { ...queued, unanswered: [...queued.unanswered, change] };
}

/** The server refuses this mark as it is. */
export function refuse(queued: QueuedMark, wishId: string, code: ErrorCode): QueuedMark {
  // Another wish took its place meanwhile: that one has not been judged.
  if (!queued.wishes.some(({ id }) => id === wishId)) return queued;
  return { ...queued, unanswered: [], trouble: { kind: 'refused', code } };
}

/** The teacher has seen what stands there, and wants it all the same. */
export function insist(queued: QueuedMark, revision: number): QueuedMark {
  return { ...queued, revision, trouble: null };
}

export function changesOf({ wishes }: QueuedMark): Change[] {
  return wishes.map(({ change }) => change);
}
