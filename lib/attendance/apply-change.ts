import type { RecordView } from '../live/notices.ts';
import type { MarkChange } from './input.ts';
import { decideFromEvidence, decideFromTimes, decideFromWord } from './rules.ts';
import type { DecidedRecord, JudgingPolicy, PresenceSpan, Sight, TeachingTime } from './rules.ts';

/** Whether the record says what the mark asks for. */
export function saysAlready(record: RecordView | null, change: MarkChange): boolean {
  switch (change.kind) {
    case 'word':
      return record?.source === 'teacher' && record.status === change.status && record.spans.length === 0;
    case 'times':
      return record?.source === 'teacher' && isSamePresence(record.spans, change.spans);
    case 'take-back':
      return record?.source !== 'teacher';
    case 'note':
      return record !== null && record.note === change.note;
    case 'replaces':
      return record !== null && record.replacesMeetingId === change.meetingId;
  }
}

/**
 * What a record says after a change; null: the record goes. Pure, so that a browser can show it before the answer comes.
 */
export function applyChange(given: {
  before: RecordView | null;
  change: MarkChange;
  meeting: TeachingTime;
  policy: JudgingPolicy;
  /** What is seen, and whether it is excused, when a teacher's word is taken back. */
  sights: readonly Sight[];
  isExcused: boolean;
}): RecordView | null | 'no-record' {
  const { before, change, meeting, policy, sights, isExcused } = given;
  const judged = (decided: DecidedRecord & Pick<RecordView, 'source'>): RecordView => ({
    ...{ note: null, replacesMeetingId: null, flags: [] },
    ...before,
    ...decided,
    spans: spansView(decided.spans),
    revision: (before?.revision ?? 0) + 1,
  });
  switch (change.kind) {
    case 'word':
      return judged({ ...decideFromWord(meeting, change.status), source: 'teacher' });
    case 'times':
      return judged({ ...decideFromTimes(meeting, change.spans, policy), source: 'teacher' });
    case 'take-back': {
      const decided = decideFromEvidence(meeting, sights, policy, isExcused);
      return decided === undefined ? null : judged(decided);
    }
    case 'note':
      if (before === null) return 'no-record';
      return { ...before, note: change.note, revision: before.revision + 1 };
    case 'replaces':
      if (before === null) return 'no-record';
      return { ...before, replacesMeetingId: change.meetingId, revision: before.revision + 1 };
  }
}

function isSamePresence(shown: RecordView['spans'], spans: readonly PresenceSpan[]): boolean {
  const wanted = spansView(spans);
  return (
    shown.length === wanted.length &&
    shown.every((span, index) => {
      const other = wanted[index];
      return span.from === other?.from && span.to === other.to;
    })
  );
}

/** The times of a record as the rules read them. */
export function presenceOf({ spans }: { spans: RecordView['spans'] }): PresenceSpan[] {
  return spans.map(({ from, to }) => ({ from: new Date(from), to: to === null ? null : new Date(to) }));
}

/** The same as the screens show them. */
export function spansView(spans: readonly PresenceSpan[]): RecordView['spans'] {
  return spans.map(({ from, to }) => ({ from: from.toISOString(), to: to?.toISOString() ?? null }));
}
