import { createHash } from 'node:crypto';
import { instantOfLocal, localOfInstant } from '../base/time.ts';
import { firstProblem, placeMeeting, wordsOf } from '../meetings/rules.ts';
import type { MeetingProblem, MeetingProblems, MeetingValues } from '../meetings/rules.ts';
import type { FileContent, FoundMeeting, ReadingNote, UnreadRow } from './found-meeting.ts';
import type { KnownMeeting, Meeting } from './queries.ts';

/** What of a meeting a file can change, as it is told. */
export const changeableFields = [
  'time',
  'title',
  'room',
  'breakMinutes',
  'kind',
  'onlineUrl',
  'onlinePlatform',
  'description',
  'isMandatory',
  'state',
] as const;

export type ChangedField = (typeof changeableFields)[number];

/** What somebody should know before they let a file change this. */
export type Caution = 'edited' | 'has-records' | 'same-time' | 'past';

/** A meeting before or after, as far as it is told. */
export type Told = Pick<
  Meeting,
  | 'title'
  | 'localStart'
  | 'localEnd'
  | 'room'
  | 'breakMinutes'
  | 'kind'
  | 'onlineUrl'
  | 'onlinePlatform'
  | 'description'
  | 'isMandatory'
  | 'state'
>;

interface RowOfFile {
  line: number;
  key: string;
  notes: ReadingNote[];
  /** The meeting as it will be. */
  told: Told;
}

export interface NewRow extends RowOfFile {
  kind: 'new';
  /** Says what was shown: whoever ticks it has seen just that. */
  mark: string;
  cautions: Caution[];
  values: MeetingValues;
}

export interface ChangedRow extends RowOfFile {
  kind: 'changed';
  mark: string;
  cautions: Caution[];
  known: Meeting;
  fields: ChangedField[];
  values: MeetingValues;
}

export type PlannedRow =
  | NewRow
  | ChangedRow
  | (RowOfFile & { kind: 'unchanged' })
  | (RowOfFile & { kind: 'impossible'; problem: MeetingProblem })
  | ({ kind: 'unread' } & UnreadRow);

/**
 * What a file would change in a course: by start, what cannot be read last. Nothing that the file is silent about is
 * touched, and a meeting that it no longer names stays.
 */
export function planImport(
  content: FileContent,
  known: readonly KnownMeeting[],
  { timeZone, now }: { timeZone: string; now: Date },
): PlannedRow[] {
  const byKey = new Map(known.map((one) => [one.meeting.importKey, one]));
  const taken = new Set(
    known
      .filter(({ meeting }) => meeting.state === 'planned')
      .map(({ meeting }) => meeting.startsAt.getTime()),
  );
  const rows = content.meetings.flatMap((found): PlannedRow[] => {
    const before = byKey.get(found.key);
    if (before !== undefined) return [planChange(found, before, { timeZone, now })];
    // An occurrence that was taken out of its series, or an event called off, which nobody has imported.
    if (found.isCancelled) return [];
    return [planNew(found, { timeZone, now, taken })];
  });
  const startOf = (row: PlannedRow) => (row.kind === 'unread' ? '' : row.told.localStart);
  const unread = content.unread.map((row): PlannedRow => ({ kind: 'unread', ...row }));
  return [
    ...rows.sort((a, b) => startOf(a).localeCompare(startOf(b)) || a.line - b.line),
    ...unread.sort((a, b) => a.line - b.line),
  ];
}

function planNew(
  found: FoundMeeting,
  { timeZone, now, taken }: { timeZone: string; now: Date; taken: ReadonlySet<number> },
): PlannedRow {
  const { localStart, localEnd, title, key, line, notes } = found;
  const kind = found.kind ?? 'regular';
  const placed = placeMeeting(
    {
      ...clockOf(localStart, localEnd),
      title,
      kind,
      breakMinutes: found.breakMinutes ?? 0,
      breaks: [],
      room: found.room ?? null,
      onlineUrl: found.onlineUrl ?? null,
      onlinePlatform: found.onlinePlatform ?? null,
      description: found.description ?? null,
      isMandatory: found.isMandatory ?? true,
      sectionIds: [],
    },
    timeZone,
  );
  if (!placed.ok) return impossible(found, placed.problems);
  const values = placed.meeting;
  const cautions: Caution[] = [];
  if (values.endsAt <= now) cautions.push('past');
  if (taken.has(values.startsAt.getTime())) cautions.push('same-time');
  const told = { ...values, state: 'planned' as const };
  return { kind: 'new', line, key, notes, told, cautions, values, mark: markOf(key, values, cautions) };
}

function planChange(
  found: FoundMeeting,
  { meeting, hasRecords, isEdited }: KnownMeeting,
  { timeZone, now }: { timeZone: string; now: Date },
): PlannedRow {
  const { key, line, notes } = found;
  // A meeting stays in the zone that it was planned in.
  const itsReading = (reading: string) =>
    timeZone === meeting.timeZone
      ? reading
      : localOfInstant(instantOfLocal(reading, timeZone), meeting.timeZone);
  const start = itsReading(found.localStart);
  const end = itsReading(found.localEnd);
  const state = found.isCancelled ? ('cancelled' as const) : ('planned' as const);
  const words = wordsOf(meeting);
  const isMoved = start !== meeting.localStart || end !== meeting.localEnd;
  const placed = placeMeeting(
    {
      ...words,
      ...clockOf(start, end),
      title: found.title,
      ...given('room', found.room),
      ...given('kind', found.kind),
      ...given('onlineUrl', found.onlineUrl),
      ...given('onlinePlatform', found.onlinePlatform),
      ...given('description', found.description),
      ...given('isMandatory', found.isMandatory),
      // Breaks by the clock are a teacher's own word, which minutes in a file do not replace.
      ...(meeting.breaks.length > 0 ? {} : given('breakMinutes', found.breakMinutes)),
    },
    meeting.timeZone,
  );
  if (!placed.ok) return impossible(found, placed.problems);
  const values = placed.meeting;
  const told = { ...values, state };
  const fields = changeableFields.filter((field) =>
    field === 'time' ? isMoved : told[field] !== meeting[field],
  );
  if (fields.length === 0) return { kind: 'unchanged', line, key, notes, told };
  const cautions: Caution[] = [];
  if (isEdited) cautions.push('edited');
  const countsOtherwise = fields.some((field) =>
    ['time', 'breakMinutes', 'state', 'isMandatory'].includes(field),
  );
  if (hasRecords && countsOtherwise) cautions.push('has-records');
  else if (meeting.endsAt <= now) cautions.push('past');
  const mark = markOf(key, { ...values, state, revision: meeting.revision }, cautions);
  return { kind: 'changed', line, key, notes, told, cautions, known: meeting, fields, values, mark };
}

function impossible(found: FoundMeeting, problems: MeetingProblems): PlannedRow {
  const { key, line, notes } = found;
  return { kind: 'impossible', line, key, notes, told: toldOf(found), problem: firstProblem(problems) };
}

/** Day and times as a form holds them. */
function clockOf(localStart: string, localEnd: string) {
  return {
    date: localStart.slice(0, 10),
    from: localStart.slice(11, 16),
    to: localEnd.slice(11, 16),
    endsNextDay: localEnd.slice(0, 10) > localStart.slice(0, 10),
  };
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

function toldOf(found: FoundMeeting): Told {
  return {
    title: found.title,
    localStart: found.localStart,
    localEnd: found.localEnd,
    room: found.room ?? null,
    breakMinutes: found.breakMinutes ?? 0,
    kind: found.kind ?? 'regular',
    onlineUrl: found.onlineUrl ?? null,
    onlinePlatform: found.onlinePlatform ?? null,
    description: found.description ?? null,
    isMandatory: found.isMandatory ?? true,
    state: found.isCancelled ? 'cancelled' : 'planned',
  };
}

function markOf(key: string, shown: object, cautions: readonly Caution[]): string {
  return createHash('sha256')
    .update(JSON.stringify([key, shown, cautions]))
    .digest('base64url')
    .slice(0, 22);
}
