import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { ShownStatus } from '../../../../../_components/status.tsx';
import type { RecordView } from '#lib/live/notices.ts';
import { withChanges } from './marks/mark-change.ts';
import type { Change, Judging } from './marks/mark-change.ts';
import { changesOf } from './marks/mark-queue.ts';
import type { QueuedMark } from './marks/mark-queue.ts';
import { wholeMinute } from './wall-times.ts';

/** A member as the list shows them: what the server said, with what is on its way there. */
export interface Entry {
  row: RegisterRow;
  queued: QueuedMark | undefined;
  /** What is shown. Where the teacher is to decide, what stands there. */
  record: RecordView | null;
}

/** The same entry for the same row and marks, so that a row that nothing happened to is not drawn again. */
const made = new WeakMap<RegisterRow, { entry: Entry; judging: Judging }>();

export function entryOf(row: RegisterRow, queued: QueuedMark | undefined, judging: Judging): Entry {
  const known = made.get(row);
  if (known?.entry.queued === queued && known?.judging === judging) return known.entry;
  const record = queued?.trouble === null ? withChanges(row.record, changesOf(queued), judging) : row.record;
  const entry = { row, queued, record };
  made.set(row, { entry, judging });
  return entry;
}

export function statusOf({ record }: Entry): ShownStatus {
  return record?.status ?? 'untaken';
}

/** What the five buttons and their keys stand for; and taking back. */
export type Press = 'present' | 'late' | 'partial' | 'absent' | 'excused' | 'take-back';

/**
 * What a press asks for. Late and left early carry a time: now, while the meeting runs; undefined: a time that only the
 * teacher knows.
 *
 * @param nowMs now while the meeting runs, else undefined
 */
export function changeOfPress(
  press: Press,
  { record }: Entry,
  { meeting }: Judging,
  nowMs: number | undefined,
): Change | undefined {
  switch (press) {
    case 'present':
    case 'absent':
    case 'excused':
      return { kind: 'word', status: press };
    case 'take-back':
      return { kind: 'take-back' };
    case 'late':
      return nowMs === undefined ? undefined : cameAt(wholeMinute(nowMs), record);
    case 'partial':
      return nowMs === undefined ? undefined : leftAt(wholeMinute(nowMs), record, meeting.startsAt);
  }
}

/** A going that was seen after this coming stays. */
function cameAt(at: Date, record: RecordView | null): Change {
  const to = record?.spans.at(-1)?.to ?? null;
  const from = at.toISOString();
  return { kind: 'times', spans: [{ from, to: to !== null && to > from ? to : null }] };
}

/** Of what was seen before, what began before this going stays; without any, it began with the meeting. */
function leftAt(at: Date, record: RecordView | null, startsAt: Date): Change | undefined {
  const to = at.toISOString();
  const spans = record?.spans.filter(({ from }) => from < to) ?? [];
  const last = spans.at(-1);
  const begun = last === undefined ? [] : spans.slice(0, -1);
  const from = last?.from ?? startsAt.toISOString();
  // Within the first minute nobody can leave early.
  return from < to ? { kind: 'times', spans: [...begun, { from, to }] } : undefined;
}
