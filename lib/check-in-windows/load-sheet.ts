import { requireMarker } from '../access/require-place.ts';
import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import type { Direction } from '../db/schema.ts';
import { loadMeeting } from '../meetings/load-meeting.ts';
import { selectUnclosedWindow } from './queries.ts';
import { phaseOf } from './phase.ts';
import { codeAt, spellCode } from './rules.ts';
import { openSecret } from './window-secret.ts';

export interface SheetView {
  course: Awaited<ReturnType<typeof loadMeeting>>['course'];
  meeting: Awaited<ReturnType<typeof loadMeeting>>['meeting'];
  /** None where nothing is open or planned whose code stays the same. */
  sheet: { code: string; typed: string; opensAt: Date; closesAt: Date; publicUrl: string } | undefined;
}

/**
 * What a printed sheet shows: the one code of a window that does not rotate, also before it opens.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function loadSheet(
  ctx: Ctx,
  { courseId, meetingId, direction }: { courseId: string; meetingId: string; direction: Direction },
): Promise<SheetView> {
  await requireMarker(ctx, courseId);
  const { course, meeting } = await loadMeeting(ctx, { courseId, meetingId });
  const window = await selectUnclosedWindow(ctx.db, courseId, meetingId, direction);
  if (window?.stepSeconds !== null || phaseOf(window, ctx.now) === 'over') {
    return { course, meeting, sheet: undefined };
  }
  const source = { ...window, secret: openSecret(ctx.secrets, window.sealedSecret) };
  return {
    course,
    meeting,
    sheet: {
      code: codeAt(source, 'scan', window.opensAt),
      typed: spellCode(codeAt(source, 'typed', window.opensAt)),
      opensAt: window.opensAt,
      closesAt: window.closesAt,
      publicUrl: env().PUBLIC_URL,
    },
  };
}
