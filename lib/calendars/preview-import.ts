import { requireMarker } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import type { FileProblem } from './found-meeting.ts';
import { planImport } from './rules.ts';
import type { PlannedRow } from './rules.ts';
import { selectKnownMeetings } from './queries.ts';
import { readFile } from './read-file.ts';

export type ImportPreview =
  { kind: 'rows'; timeZone: string; rows: PlannedRow[] } | { kind: 'unreadable'; problem: FileProblem };

/**
 * What importing this file would do. Changes nothing.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function previewImport(
  ctx: Ctx,
  { courseId, bytes }: { courseId: string; bytes: Uint8Array },
): Promise<ImportPreview> {
  const { course } = await requireMarker(ctx, courseId);
  const clock = { timeZone: course.timeZone, now: ctx.now };
  const read = readFile(bytes, clock);
  if (!read.ok) return { kind: 'unreadable', problem: read.problem };
  const known = await selectKnownMeetings(ctx.db, courseId);
  return { kind: 'rows', timeZone: course.timeZone, rows: planImport(read.content, known, clock) };
}
