import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { selectCodeOwner, selectSharedMeetings } from './queries.ts';
import type { SharedMeeting } from './queries.ts';
import { helpingTimes } from './rules.ts';

export type { SharedMeeting } from './queries.ts';

/**
 * Where the viewer may check in whoever's code this is, at this moment. Nothing is told of the person to anybody else:
 * an unknown code, a code of another course and a viewer without a login all answer none.
 */
export async function loadCodePage(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  token: string,
): Promise<SharedMeeting[]> {
  if (ctx.viewer === undefined) return [];
  const studentPersonId = await selectCodeOwner(ctx.db, tokenHash(token));
  if (studentPersonId === undefined) return [];
  const shared = await selectSharedMeetings(ctx.db, {
    ...{ studentPersonId, viewerPersonId: ctx.viewer.personId, now: ctx.now },
    ...helpingTimes(ctx.now),
  });
  const courseIds = [...new Set(shared.map(({ courseId }) => courseId))];
  const allowed = await Promise.all(courseIds.map((courseId) => marksIn(ctx, courseId)));
  return shared.filter(({ courseId }) => allowed[courseIds.indexOf(courseId)]);
}

async function marksIn(ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>, courseId: string): Promise<boolean> {
  try {
    await requireMarker(ctx, courseId);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.status === 403) return false;
    throw error;
  }
}
