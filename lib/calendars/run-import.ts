import { requireMarker } from '../access/require-place.ts';
import { recomputeRecords } from '../attendance/recompute-records.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publishMeetings } from '../live/notices.ts';
import {
  closeWindowsOf,
  insertMeetings,
  lockMeetings,
  updateMeetingRows,
  updateMeetingsState,
} from '../meetings/queries.ts';
import type { FileProblem } from './found-meeting.ts';
import { chosenMarks } from './input.ts';
import { planImport } from './rules.ts';
import type { ChangedRow, NewRow, PlannedRow } from './rules.ts';
import { lockImports, selectKnownMeetings } from './queries.ts';
import { readFile } from './read-file.ts';

export type RanImport =
  | { kind: 'imported'; made: number; changed: number; recomputed: number }
  /** Somebody changed the course since the preview: what holds now, and nothing was imported. */
  | { kind: 'outdated'; timeZone: string; rows: PlannedRow[] }
  | { kind: 'unreadable'; problem: FileProblem };

/**
 * Imports the ticked rows of a file, all of them or none. The file is read again; a row counts only if it would still do
 * what its preview said.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `invalid-input`
 */
export async function runImport(
  ctx: Ctx,
  { courseId, bytes, marks }: { courseId: string; bytes: Uint8Array; marks: unknown },
): Promise<RanImport> {
  const { course } = await requireMarker(ctx, courseId);
  const chosen = chosenMarks.safeParse(marks);
  if (!chosen.success) throw new AppError('invalid-input');
  const clock = { timeZone: course.timeZone, now: ctx.now };
  const read = readFile(bytes, clock);
  if (!read.ok) return { kind: 'unreadable', problem: read.problem };
  return transaction(ctx, async (tx): Promise<RanImport> => {
    await lockImports(tx.db, courseId);
    const seen = await selectKnownMeetings(tx.db, courseId);
    const wanted = new Set(chosen.data);
    const touched = changedOf(planImport(read.content, seen, clock), wanted);
    await lockMeetings(
      tx.db,
      courseId,
      touched.map(({ known }) => known.id),
    );
    // Locked, they are read again: what was decided on is what is changed.
    const rows = planImport(read.content, await selectKnownMeetings(tx.db, courseId), clock);
    const made = rows.filter((row): row is NewRow => row.kind === 'new' && wanted.has(row.mark));
    const changed = changedOf(rows, wanted);
    if (made.length + changed.length < wanted.size) {
      return { kind: 'outdated', timeZone: course.timeZone, rows };
    }
    await makeMeetings(tx, { courseId, timeZone: course.timeZone }, made);
    const recomputed = await changeMeetings(tx, courseId, changed);
    return { kind: 'imported', made: made.length, changed: changed.length, recomputed };
  });
}

function changedOf(rows: readonly PlannedRow[], wanted: ReadonlySet<string>): ChangedRow[] {
  return rows.filter((row): row is ChangedRow => row.kind === 'changed' && wanted.has(row.mark));
}

async function makeMeetings(
  tx: Ctx,
  course: { courseId: string; timeZone: string },
  rows: readonly NewRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const made = rows.map(({ key, values }) => ({ id: newId(), ...course, ...values, importKey: key }));
  await insertMeetings(tx.db, made);
  await insertAuditEvents(
    tx,
    made.map(({ id, courseId, timeZone, ...after }) => ({
      courseId,
      action: 'meeting.imported',
      subjectId: id,
      after: { ...after, timeZone },
    })),
  );
}

/** @returns how many records say something else by the new times */
async function changeMeetings(tx: Ctx, courseId: string, rows: readonly ChangedRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  await updateMeetingRows(
    tx.db,
    rows.map(({ known, values }) => ({ id: known.id, ...values })),
  );
  for (const state of ['planned', 'cancelled'] as const) {
    const ids = rows
      .filter(({ fields, told }) => fields.includes('state') && told.state === state)
      .map(({ known }) => known.id);
    if (ids.length === 0) continue;
    await updateMeetingsState(tx.db, ids, state);
    if (state === 'cancelled') await closeCheckIns(tx, courseId, ids);
  }
  await insertAuditEvents(
    tx,
    rows.map(({ known, fields, told }) => ({
      courseId,
      action: 'meeting.imported',
      subjectId: known.id,
      before: partOf(known, fields),
      after: partOf(told, fields),
    })),
  );
  const recomputed = await recomputeRecords(
    tx,
    rows
      .filter(({ fields }) => fields.includes('time') || fields.includes('breakMinutes'))
      .map(({ known, values }) => ({ ...values, id: known.id, courseId })),
  );
  await publishMeetings(
    tx,
    rows.map(({ known }) => known.id),
  );
  return recomputed;
}

async function closeCheckIns(tx: Ctx, courseId: string, meetingIds: readonly string[]): Promise<void> {
  const closed = await closeWindowsOf(tx.db, meetingIds, tx.now);
  await insertAuditEvents(
    tx,
    closed.map(({ id, meetingId, direction, closedAt }) => ({
      courseId,
      action: 'check-in.closed',
      subjectId: meetingId,
      after: { windowId: id, direction, closedAt },
    })),
  );
}

/** What changed, by its own names. */
function partOf(meeting: ChangedRow['told'], fields: ChangedRow['fields']): Partial<ChangedRow['told']> {
  const names = fields.flatMap((field) =>
    field === 'time' ? (['localStart', 'localEnd'] as const) : [field],
  );
  return Object.fromEntries(names.map((name) => [name, meeting[name]]));
}
