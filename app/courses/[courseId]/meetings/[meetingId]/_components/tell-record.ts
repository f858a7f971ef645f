import type { RegisterView } from '#lib/attendance/load-register.ts';
import { formatTime, formatTimeRange } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import type { RecordView } from '#lib/live/notices.ts';
import type { Change } from './marks/mark-change.ts';

type Meeting = Pick<RegisterView['meeting'], 'startsAt' | 'endsAt' | 'timeZone'>;

/** The times of presence that a record holds, one text a stretch. */
export function tellTimes(record: RecordView, { endsAt, timeZone }: Meeting, t: Translate): string[] {
  return record.spans.map(({ from, to }) =>
    to === null && record.isOpen
      ? `${formatTime(new Date(from), timeZone, t.language)}–?`
      : formatTimeRange(new Date(from), new Date(to ?? endsAt), timeZone, t.language),
  );
}

/** A record in a few words: "late 09:12–12:45". */
export function tellRecord(record: RecordView | null, meeting: Meeting, t: Translate): string {
  if (record === null) return t('register.conflict.nothing');
  const times = record.status === 'late' || record.status === 'partial' ? tellTimes(record, meeting, t) : [];
  return [t(`status.${record.status}`), times.join(', ')].filter((part) => part !== '').join(' ');
}

/** So much of a note fits where two versions stand side by side. */
const shownNoteLength = 120;

function tellNote(note: string | null, t: Translate): string {
  if (note === null || note.trim() === '') return t('register.conflict.no-note');
  const text = note.trim();
  const isLong = text.length > shownNoteLength;
  // Isolated: a note may be written from right to left.
  return t('register.conflict.note', {
    note: `\u2068${isLong ? `${text.slice(0, shownNoteLength)}…` : text}\u2069`,
  });
}

/** What stands there of what a change is about. */
export function tellStanding(
  record: RecordView | null,
  changes: readonly Change[],
  meeting: Meeting,
  t: Translate,
): string {
  const about = new Set(changes.map(({ kind }) => kind));
  return [
    tellRecord(record, meeting, t),
    ...(about.has('note') && record !== null ? [tellNote(record.note, t)] : []),
    ...(about.has('replaces') && record !== null ? [tellReplaces(record.replacesMeetingId, t)] : []),
  ].join(', ');
}

/** What was wanted. `wanted` is the record as it would stand. */
export function tellWanted(
  wanted: RecordView | null,
  changes: readonly Change[],
  meeting: Meeting,
  t: Translate,
): string {
  return changes
    .map((change) => {
      switch (change.kind) {
        case 'note':
          return tellNote(change.note, t);
        case 'replaces':
          return tellReplaces(change.meetingId, t);
        case 'take-back':
          return t('register.conflict.nothing');
        case 'word':
        case 'times':
          return tellRecord(wanted, meeting, t);
      }
    })
    .join(', ');
}

function tellReplaces(meetingId: string | null, t: Translate): string {
  return t(meetingId === null ? 'register.conflict.replaces-none' : 'register.conflict.replaces');
}
