import { applyChange, saysAlready } from '#lib/attendance/apply-change.ts';
import type { MarkRequest } from '#lib/attendance/input.ts';
import type { JudgingPolicy, TeachingTime } from '#lib/attendance/rules.ts';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { RecordView } from '#lib/live/notices.ts';

/** What a teacher wants of a record, as it travels: instants are ISO 8601 text. */
export type Change = MarkRequest['change'];

/** By what a browser shows a mark before the server has answered. */
export interface Judging {
  meeting: TeachingTime;
  policy: JudgingPolicy;
}

export function judgingOf({ meeting, policy }: Pick<RegisterView, 'meeting' | 'policy'>): Judging {
  const { startsAt, endsAt, breakMinutes, breaks } = meeting;
  return {
    meeting: { startsAt: new Date(startsAt), endsAt: new Date(endsAt), breakMinutes, breaks },
    policy,
  };
}

function read(change: Change) {
  switch (change.kind) {
    case 'times':
      return {
        kind: change.kind,
        spans: change.spans.map(({ from, to }) => ({
          from: new Date(from),
          to: to === null ? null : new Date(to),
        })),
      };
    case 'note':
      return { kind: change.kind, note: change.note.trim() === '' ? null : change.note.trim() };
    case 'word':
    case 'take-back':
    case 'replaces':
      return change;
  }
}

/**
 * A record as it will stand after these changes. What check-ins say under a mark that is taken back is not known here:
 * the row is empty until the server answers. A note beside nothing changes nothing.
 */
export function withChanges(
  record: RecordView | null,
  changes: readonly Change[],
  judging: Judging,
): RecordView | null {
  return changes.reduce<RecordView | null>((before, change) => {
    if (stands(before, change)) return before;
    const after = applyChange({ before, change: read(change), ...judging, sights: [], isExcused: false });
    return after === 'no-record' ? before : after;
  }, record);
}

/** Whether the record says already what a change asks for. */
export function stands(record: RecordView | null, change: Change): boolean {
  return saysAlready(record, read(change));
}

/**
 * What brings a record back to what it said before. Note and replaced meeting stay by themselves, except where the
 * record itself was gone in between.
 */
export function changesBackTo(before: RecordView | null, done: readonly Change[]): Change[] {
  const did = (kind: Change['kind']) => done.some((change) => change.kind === kind);
  if (before === null) {
    return [
      { kind: 'take-back' },
      ...(did('note') ? [{ kind: 'note' as const, note: '' }] : []),
      ...(did('replaces') ? [{ kind: 'replaces' as const, meetingId: null }] : []),
    ];
  }
  const wentAway = did('take-back');
  const { note, replacesMeetingId } = before;
  return [
    ...(did('word') || did('times') || wentAway ? [presenceOf(before)] : []),
    ...(did('note') || (wentAway && note !== null) ? [{ kind: 'note' as const, note: note ?? '' }] : []),
    ...(did('replaces') || (wentAway && replacesMeetingId !== null)
      ? [{ kind: 'replaces' as const, meetingId: replacesMeetingId }]
      : []),
  ];
}

function presenceOf({ source, status, spans }: RecordView): Change {
  if (source !== 'teacher') return { kind: 'take-back' };
  if (spans.length > 0) return { kind: 'times', spans };
  return { kind: 'word', status: status === 'absent' || status === 'excused' ? status : 'present' };
}
