import { parse } from 'csv-parse/sync';
import type { MeetingKind } from '../db/schema.ts';
import { cleanLine, cleanText, cutText, httpsAddress, longest } from './found-meeting.ts';
import type { FileContent, FoundMeeting, ReadFile, RowProblem, UnreadRow } from './found-meeting.ts';

type Column =
  | 'date'
  | 'from'
  | 'to'
  | 'times'
  | 'title'
  | 'room'
  | 'kind'
  | 'break'
  | 'description'
  | 'onlineUrl'
  | 'onlinePlatform'
  | 'mandatory'
  | 'key';

/** What heads the columns, in German and English, without case and signs. */
const headings: Record<Column, readonly string[]> = {
  date: ['datum', 'date', 'tag', 'day'],
  from: ['von', 'from', 'beginn', 'begin', 'start', 'anfang', 'startzeit', 'starttime', 'beginntum'],
  to: ['bis', 'to', 'until', 'ende', 'end', 'endzeit', 'endtime', 'endetum'],
  times: ['zeit', 'uhrzeit', 'time', 'times'],
  title: ['titel', 'title', 'thema', 'topic', 'betreff', 'subject', 'bezeichnung', 'name'],
  room: ['raum', 'room', 'ort', 'location', 'place'],
  kind: ['art', 'kind', 'typ', 'type'],
  break: ['pause', 'break', 'pausemin', 'breakmin', 'pauseminuten', 'breakminutes'],
  description: ['beschreibung', 'description', 'inhalt', 'notiz', 'notes'],
  onlineUrl: ['online', 'onlinelink', 'link', 'url', 'onlineurl'],
  onlinePlatform: ['plattform', 'platform'],
  mandatory: ['pflicht', 'mandatory', 'verpflichtend'],
  key: ['schluessel', 'key', 'id', 'kennung'],
};

const kindWords: Record<MeetingKind, readonly string[]> = {
  regular: ['', 'regular', 'regulaer', 'normal', 'praesenz'],
  weekend: ['weekend', 'wochenende'],
  evening: ['evening', 'abend', 'abends'],
  online: ['online'],
};

const yes = ['ja', 'j', 'yes', 'y', 'x', '1', 'true', 'wahr'];
const no = ['nein', 'n', 'no', '0', 'false', 'falsch'];

/** Letters and digits alone, in small letters, umlauts written out. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]/g, '');
}

interface Line {
  line: number;
  cells: string[];
}

/** Reads a table (CSV): a row a meeting, its columns in any order. Cells are text, whatever a spreadsheet would make of them. */
export function readTable(text: string): ReadFile {
  const delimiter = delimiterOf(text);
  if (delimiter === undefined) return { ok: false, problem: { kind: 'not-known' } };
  const split = splitLines(text, delimiter);
  if (!split.ok) return split;
  const [head, ...rows] = split.lines;
  const columns = columnsOf(head?.cells ?? []);
  const missing = (['date', 'from', 'to'] as const).filter(
    (column) => !columns.has(column) && (column === 'date' || !columns.has('times')),
  );
  if (missing.length > 0) return { ok: false, problem: { kind: 'columns-missing', columns: missing } };
  const content: FileContent = { meetings: [], unread: [] };
  for (const row of rows) {
    const read = readRow(row, columns);
    if (read.ok) content.meetings.push(read.meeting);
    else content.unread.push(read.unread);
  }
  return { ok: true, content: withKeys(content) };
}

/** What separates the cells: that which makes the most known headings of the first line. */
function delimiterOf(text: string): string | undefined {
  const [first = ''] = text.split(/\r\n|\n|\r/);
  const [, told] = /^sep=(.)\s*$/.exec(first) ?? [];
  if (told !== undefined) return told;
  const known = (delimiter: string) => columnsOf(first.split(delimiter)).size;
  const [best] = [';', ',', '\t', '|'].sort((a, b) => known(b) - known(a));
  return best === undefined || known(best) === 0 ? undefined : best;
}

/** Without the line by which spreadsheets tell each other the delimiter, kept as an empty one for the numbers' sake. */
function withoutMark(text: string): string {
  return text.replace(/^sep=.[^\r\n]*/, '');
}

function splitLines(
  text: string,
  delimiter: string,
): { ok: true; lines: Line[] } | { ok: false; problem: { kind: 'table-broken'; line: number } } {
  try {
    const records = parse(withoutMark(text), {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      info: true,
      raw: true,
    }) as unknown as { record: string[]; info: { lines: number }; raw: string }[];
    const lines = records.map(({ record, info, raw }) => ({
      line: info.lines - (raw.trim().match(/\r\n|\n|\r/g)?.length ?? 0),
      cells: record,
    }));
    return { ok: true, lines: lines.filter(({ cells }) => cells.some((cell) => cell.trim() !== '')) };
  } catch (error) {
    const line = (error as { lines?: unknown }).lines;
    return { ok: false, problem: { kind: 'table-broken', line: typeof line === 'number' ? line : 1 } };
  }
}

function columnsOf(cells: readonly string[]): Map<Column, number> {
  const columns = new Map<Column, number>();
  cells.forEach((cell, at) => {
    // "Pause (min)" and "Von (Uhr)" say the unit.
    const names = [plain(cell.replaceAll('"', '')), plain(cell.replace(/\(.*\)/, ''))];
    for (const [column, words] of Object.entries(headings) as [Column, readonly string[]][]) {
      if (!columns.has(column) && names.some((name) => words.includes(name))) {
        columns.set(column, at);
        return;
      }
    }
  });
  return columns;
}

type ReadRow = { ok: true; meeting: FoundMeeting } | { ok: false; unread: UnreadRow };

/** The key is what the row itself says, or empty: `withKeys` gives it one. */
function readRow({ line, cells }: Line, columns: ReadonlyMap<Column, number>): ReadRow {
  const cell = (column: Column): string | undefined => {
    const at = columns.get(column);
    return at === undefined ? undefined : (cells[at] ?? '').trim();
  };
  const refuse = (problem: RowProblem, name: string | undefined): ReadRow => ({
    ok: false,
    unread: { line, name: cutText(cleanLine(name ?? ''), 200) || null, reason: { kind: 'problem', problem } },
  });
  const [timesFrom, timesTo] = (cell('times') ?? '').split(/\s*(?:-|–|—|bis|to)\s*/);
  const fromCell = cell('from') ?? timesFrom;
  const toCell = cell('to') ?? timesTo;
  const date = readDay(cell('date') ?? '');
  if (date === undefined) return refuse('date', cell('date'));
  const from = readTime(fromCell ?? '');
  if (from === undefined) return refuse('from', fromCell);
  const to = readTime(toCell ?? '');
  if (to === undefined) return refuse('to', toCell);
  if (to <= from) return refuse('end-before-start', `${from}–${to}`);
  const title = optional(cell('title'));
  if ((title?.length ?? 0) > longest.title) return refuse('title-too-long', title ?? '');
  const room = optional(cell('room'));
  if ((room?.length ?? 0) > longest.room) return refuse('room-too-long', room ?? '');
  const kind = readKind(cell('kind'));
  if (kind === null) return refuse('kind', cell('kind'));
  const breakMinutes = readMinutes(cell('break'));
  if (breakMinutes === null) return refuse('break', cell('break'));
  const isMandatory = readChoice(cell('mandatory'));
  if (isMandatory === null) return refuse('mandatory', cell('mandatory'));
  const link = optional(cell('onlineUrl'));
  const onlineUrl = typeof link === 'string' ? httpsAddress(link) : link;
  if (typeof link === 'string' && onlineUrl === null) return refuse('online-url', link);
  const description = cell('description');
  const isCut = (description?.length ?? 0) > longest.description;
  return {
    ok: true,
    meeting: {
      key: cleanLine(cell('key') ?? ''),
      line,
      title: title ?? null,
      localStart: `${date}T${from}`,
      localEnd: `${date}T${to}`,
      ...(room === undefined ? {} : { room }),
      ...(description === undefined
        ? {}
        : { description: cutText(cleanText(description), longest.description) || null }),
      ...(onlineUrl === undefined ? {} : { onlineUrl }),
      ...(columns.has('onlinePlatform')
        ? { onlinePlatform: cutText(optional(cell('onlinePlatform')) ?? '', longest.room) || null }
        : {}),
      ...(kind === undefined ? {} : { kind }),
      ...(breakMinutes === undefined ? {} : { breakMinutes }),
      ...(isMandatory === undefined ? {} : { isMandatory }),
      isCancelled: false,
      notes: isCut ? ['text-cut'] : [],
    },
  };
}

/** Undefined: there is no such column; null: nothing stands there. */
function optional(cell: string | undefined): string | null | undefined {
  return cell === undefined ? undefined : cleanLine(cell) || null;
}

/** `28.11.2026`, `Sa., 28.11.26` or `2026-11-28` as `YYYY-MM-DD`. */
function readDay(cell: string): string | undefined {
  const text = cell.replace(/^\p{L}+\.?,?\s+/u, '');
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?$/.exec(text);
  const german = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})$/.exec(text);
  const [year, month, day] = iso?.slice(1) ?? german?.slice(1).reverse() ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const date = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date) ? date : undefined;
}

/** `9:00`, `09.00 Uhr`, `9 Uhr`, `9:00 AM` as `HH:MM`. */
function readTime(cell: string): string | undefined {
  const match = /^(\d{1,2})(?:[:.](\d{2})(?::\d{2})?)?\s*(uhr|h|am|pm|a\.m\.|p\.m\.)?$/i.exec(cell.trim());
  if (match === null) return undefined;
  const half = match[3]?.toLowerCase()[0];
  let hour = Number(match[1]);
  const minute = Number(match[2] ?? '0');
  if (half === 'a' || half === 'p') {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half === 'p' ? 12 : 0);
  }
  if (hour > 23 || minute > 59) return undefined;
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function readKind(cell: string | undefined): MeetingKind | null | undefined {
  if (cell === undefined) return undefined;
  const word = plain(cell);
  const found = (Object.entries(kindWords) as [MeetingKind, readonly string[]][]).find(([, words]) =>
    words.includes(word),
  );
  return found?.[0] ?? null;
}

/** `15`, `15 min` or `0:15`. Nothing there: no break. */
function readMinutes(cell: string | undefined): number | null | undefined {
  if (cell === undefined) return undefined;
  if (cell === '') return 0;
  const clock = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(cell);
  if (clock !== null) return Number(clock[1]) * 60 + Number(clock[2]);
  const minutes = /^(\d{1,4})\s*(min|minuten|minutes|m)?\.?$/i.exec(cell);
  return minutes === null ? null : Number(minutes[1]);
}

function readChoice(cell: string | undefined): boolean | null | undefined {
  if (cell === undefined) return undefined;
  const word = plain(cell);
  if (word === '' || yes.includes(word)) return true;
  return no.includes(word) ? false : null;
}

/**
 * Gives each row the key by which it is found again: its own, else its beginning, and its title where several begin
 * together. A second row with the same key is refused.
 */
function withKeys({ meetings, unread }: FileContent): FileContent {
  const beginnings = new Map<string, number>();
  for (const { localStart } of meetings) beginnings.set(localStart, (beginnings.get(localStart) ?? 0) + 1);
  const taken = new Set<string>();
  const content: FileContent = { meetings: [], unread: [...unread] };
  for (const meeting of meetings) {
    const { localStart, title } = meeting;
    const own = meeting.key === '' ? null : `csv:id:${cutText(meeting.key, 200)}`;
    const isAlone = beginnings.get(localStart) === 1;
    const key = own ?? (isAlone ? `csv:${localStart}` : `csv:${localStart} ${plain(title ?? '')}`);
    if (taken.has(key)) {
      content.unread.push({
        line: meeting.line,
        name: title,
        reason: { kind: 'problem', problem: 'twice' },
      });
    } else {
      taken.add(key);
      content.meetings.push({ ...meeting, key });
    }
  }
  return content;
}
