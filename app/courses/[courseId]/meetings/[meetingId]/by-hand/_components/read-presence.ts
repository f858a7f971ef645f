import type { Direction } from '#lib/check-in-windows/input.ts';
import type { RecordView } from '#lib/live/notices.ts';
import type { Status } from '#lib/base/statuses.ts';

/** What stands there for a student, as somebody at the door asks it. */
export type Presence =
  | { kind: 'away' }
  | { kind: 'here'; since: Date }
  | { kind: 'left'; at: Date }
  /** A teacher's own entry, which a check-in does not change. */
  | { kind: 'marked'; status: Status };

export function presenceOf(record: Pick<RecordView, 'source' | 'status' | 'spans'> | null): Presence {
  if (record === null) return { kind: 'away' };
  if (record.source === 'teacher') return { kind: 'marked', status: record.status };
  const last = record.spans.at(-1);
  if (last === undefined) return { kind: 'away' };
  return last.to === null
    ? { kind: 'here', since: new Date(last.from) }
    : { kind: 'left', at: new Date(last.to) };
}

/** Whether a press would say nothing new. */
export function isDoneAlready(state: Presence, direction: Direction): boolean {
  return state.kind === (direction === 'in' ? 'here' : 'left');
}
