import type { FileProblem, UnreadRow } from '#lib/calendars/found-meeting.ts';
import type { ChangedField, PlannedRow, Told } from '#lib/calendars/rules.ts';
import { formatDay, formatMinutes } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Translate } from '#lib/i18n/translate.ts';

/** A row of the file in the reader's words. */
export interface ToldRow {
  kind: 'new' | 'changed' | 'unchanged' | 'problem' | 'left-out';
  /** Names the row when it is chosen; null: there is nothing to choose. */
  mark: string | null;
  /** Whether it is ticked until somebody says otherwise. */
  isTicked: boolean;
  line: string;
  name: string;
  when: string | null;
  where: string | null;
  changes: { field: string; before: string; after: string }[];
  /** What to know before ticking it, or why it cannot be. */
  remarks: string[];
}

export interface ToldImport {
  timeZone: string;
  summary: string;
  rows: ToldRow[];
}

export function tellImport(
  { rows, timeZone }: { rows: readonly PlannedRow[]; timeZone: string },
  t: Translate,
  language: Language,
): ToldImport {
  const told = rows.map((row) => tellRow(row, t, language));
  const count = (kind: ToldRow['kind']) => told.filter((row) => row.kind === kind).length;
  const counts = { fresh: count('new'), changed: count('changed'), same: count('unchanged') };
  return {
    timeZone,
    summary: t('import.says.summary', { ...counts, problems: count('problem') }),
    rows: told,
  };
}

export function tellFileProblem(problem: FileProblem, t: Translate): string {
  switch (problem.kind) {
    case 'columns-missing': {
      const columns = problem.columns.map((column) => t(`import.says.column.${column}`)).join(', ');
      return t('import.says.file.columns-missing', { columns });
    }
    case 'table-broken':
      return t('import.says.file.table-broken', { line: problem.line });
    case 'too-many':
      return t('import.says.file.too-many', { most: problem.most });
    default:
      return t(`import.says.file.${problem.kind}`);
  }
}

function tellRow(row: PlannedRow, t: Translate, language: Language): ToldRow {
  const line = t('import.says.line', { line: row.line });
  if (row.kind === 'unread') return tellUnread(row, line, t);
  const { told, notes } = row;
  const base = {
    mark: null,
    isTicked: false,
    line,
    name: told.title ?? t('import.says.untitled'),
    when: tellTime(told, language),
    where: told.room ?? told.onlineUrl,
    changes: [],
    remarks: notes.map((note) => t(`import.says.note.${note}`)),
  };
  if (row.kind === 'unchanged') return { ...base, kind: 'unchanged' };
  if (row.kind === 'impossible') {
    return { ...base, kind: 'problem', remarks: [t(row.problem), ...base.remarks] };
  }
  const { mark, cautions } = row;
  const chosen = {
    ...base,
    mark,
    // What overwrites, doubles or lies behind is nobody's wish until they say so.
    isTicked: cautions.length === 0,
    remarks: [...cautions.map((caution) => t(`import.says.caution.${caution}`)), ...base.remarks],
  };
  if (row.kind === 'new') return { ...chosen, kind: 'new' };
  const tell = (field: ChangedField, meeting: Told) => tellField(field, meeting, t, language);
  return {
    ...chosen,
    kind: 'changed',
    changes: row.fields.map((field) => ({
      field: t(`import.says.field.${field}`),
      before: tell(field, row.known),
      after: tell(field, told),
    })),
  };
}

function tellUnread({ name, reason }: UnreadRow, line: string, t: Translate): ToldRow {
  const remark =
    reason.kind === 'problem'
      ? t(`import.says.row.${reason.problem}`)
      : t(`import.says.left-out.${reason.why}`);
  return {
    kind: reason.kind,
    mark: null,
    isTicked: false,
    line,
    name: name ?? '',
    when: null,
    where: null,
    changes: [],
    remarks: [remark],
  };
}

/** `Sat, 28 Nov 2026, 09:00–12:45`, by the reading alone. */
function tellTime({ localStart, localEnd }: Told, language: Language): string {
  const day = formatDay(new Date(`${localStart}:00Z`), 'UTC', language, { year: true });
  return `${day}, ${localStart.slice(11)}–${localEnd.slice(11)}`;
}

function tellField(field: ChangedField, meeting: Told, t: Translate, language: Language): string {
  switch (field) {
    case 'time':
      return tellTime(meeting, language);
    case 'breakMinutes':
      return meeting.breakMinutes === 0 ? t('import.says.value.none') : formatMinutes(meeting.breakMinutes);
    case 'kind':
      return t(`import.says.value.${meeting.kind}`);
    case 'state':
      return t(`import.says.value.${meeting.state}`);
    case 'isMandatory':
      return t(meeting.isMandatory ? 'import.says.value.yes' : 'import.says.value.no');
    case 'description':
      return shortened(meeting.description ?? t('import.says.value.none'));
    case 'title':
    case 'room':
    case 'onlineUrl':
    case 'onlinePlatform':
      return meeting[field] ?? t('import.says.value.none');
  }
}

/** A description as far as one line goes. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
