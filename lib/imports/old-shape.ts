/** What the importer reads of a table of version 2.0.0, and the names that a column may have. */
interface OldField {
  names: readonly string[];
  /** Without it nothing of the table can be brought over. */
  isNeeded?: boolean;
}

type OldTable = Readonly<Record<string, OldField>>;

const needed = (...names: string[]): OldField => ({ names, isNeeded: true });
const optional = (...names: string[]): OldField => ({ names });

/** The tables of version 2.0.0, as far as they are brought over. */
const oldTables = {
  users: {
    id: needed('id', 'user_id'),
    sub: optional('lti_user_id', 'lti_sub', 'sub', 'lti_id'),
    canvasUserId: optional('canvas_user_id', 'canvas_id'),
    sisId: optional('sis_user_id', 'sis_id'),
    loginId: optional('login_id', 'canvas_login_id', 'username', 'login'),
    email: optional('email'),
    name: optional('name', 'full_name', 'display_name'),
    role: optional('role', 'roles'),
  },
  courses: {
    id: needed('id', 'course_id'),
    canvasCourseId: optional('canvas_course_id', 'canvas_id'),
    contextId: optional('lti_context_id', 'context_id'),
    title: optional('name', 'title', 'course_name'),
  },
  sessions: {
    id: needed('id', 'session_id'),
    courseId: needed('course_id'),
    from: needed('start_time', 'time_from', 'from_time', 'starts_at'),
    to: needed('end_time', 'time_to', 'to_time', 'ends_at'),
    date: optional('date', 'session_date'),
    title: optional('name', 'title'),
    kind: optional('type', 'session_type'),
    breakMinutes: optional('break_minutes', 'break_duration', 'break'),
    breakFrom: optional('break_start', 'break_start_time', 'break_from'),
    breakTo: optional('break_end', 'break_end_time', 'break_to'),
    onlineUrl: optional('meeting_url', 'online_url', 'meeting_link'),
    onlinePlatform: optional('meeting_platform', 'online_platform', 'platform'),
    room: optional('room', 'location'),
    description: optional('description'),
    isMandatory: optional('mandatory', 'is_mandatory'),
  },
  attendance_records: {
    id: needed('id', 'record_id'),
    sessionId: needed('session_id'),
    userId: needed('user_id', 'student_id'),
    status: needed('status', 'attendance_status'),
    arrival: optional('arrival_time', 'arrived_at', 'check_in_time', 'checked_in_at'),
    leaving: optional('leaving_time', 'departure_time', 'leave_time', 'left_at', 'check_out_time'),
    note: optional('note', 'notes', 'comment'),
    excuseFile: optional(
      ...[
        'excuse_file',
        'excuse_file_path',
        'excuse_file_url',
        'excuse_url',
        'excuse_path',
        'excuse_document',
      ],
    ),
    excuseText: optional('excuse_text', 'excuse_note', 'excuse_reason'),
    changedAt: optional('updated_at', 'created_at', 'marked_at'),
  },
} as const satisfies Record<string, OldTable>;

export type OldTableName = keyof typeof oldTables;

/** One row, by field; every value as text, dates and times as an ISO 8601 clock reads, with Z where the zone is known. */
export type OldRow<T extends OldTableName> = Partial<Record<keyof (typeof oldTables)[T], string | null>>;

export const oldTableNames = Object.keys(oldTables) as OldTableName[];

/** One column of the old database, as its information_schema tells it. */
export interface OldColumn {
  table: string;
  column: string;
  type: string;
}

/** The column of each field of a table that was found. */
export type FoundFields = Partial<Record<string, OldColumn>>;

export interface OldShape {
  fields: Record<OldTableName, FoundFields>;
  /** Tables that are not there, and fields without which nothing can be brought over. */
  missing: { table: OldTableName; field: string | null; names: readonly string[] }[];
  /** Columns of these tables that nothing is made of. */
  unread: string[];
}

/** Finds the columns of the old tables, whichever of their usual names they bear. */
export function readShape(columns: readonly OldColumn[]): OldShape {
  const shape: OldShape = {
    ...{ fields: { users: {}, courses: {}, sessions: {}, attendance_records: {} }, missing: [], unread: [] },
  };
  for (const [table, fields] of Object.entries(oldTables) as [
    OldTableName,
    (typeof oldTables)[OldTableName],
  ][]) {
    const there = new Map(columns.filter((one) => one.table === table).map((one) => [one.column, one]));
    if (there.size === 0) {
      shape.missing.push({ table, field: null, names: [] });
      continue;
    }
    for (const [field, { names, ...rest }] of Object.entries<{
      names: readonly string[];
      isNeeded?: boolean;
    }>(fields)) {
      const column = names.map((name) => there.get(name)).find((found) => found !== undefined);
      if (column !== undefined) {
        shape.fields[table][field] = column;
        there.delete(column.column);
      } else if (rest.isNeeded === true) {
        shape.missing.push({ table, field, names });
      }
    }
    shape.unread.push(...[...there.keys()].map((name) => `${table}.${name}`));
  }
  // Either of these says which human, which course, and which day it is.
  const oneOf = (table: OldTableName, ...alternatives: string[]) => {
    const found = shape.fields[table];
    if (Object.keys(found).length === 0 || alternatives.some((field) => found[field] !== undefined)) return;
    const fields: Record<string, { names: readonly string[] }> = oldTables[table];
    shape.missing.push({
      table,
      field: alternatives.join(' or '),
      names: alternatives.flatMap((field) => fields[field]?.names ?? []),
    });
  };
  oneOf('users', 'sub', 'canvasUserId', 'sisId');
  oneOf('courses', 'canvasCourseId', 'contextId');
  const { from, date } = shape.fields.sessions;
  if (from !== undefined && date === undefined && !from.type.startsWith('timestamp')) {
    shape.missing.push({ table: 'sessions', field: 'date', names: oldTables.sessions.date.names });
  }
  return shape;
}
