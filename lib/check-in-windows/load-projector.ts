import { requireStaff } from '../access/require-place.ts';
import { loadRegister } from '../attendance/load-register.ts';
import type { RegisterView } from '../attendance/load-register.ts';
import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { loadCodes } from './load-codes.ts';
import type { CodesView } from './load-codes.ts';

export interface ProjectorView extends CodesView, Omit<RegisterView, 'window'> {
  course: { title: string };
  /** What stands before `/c/<code>` in the QR code: our origin, without trailing slash. */
  publicUrl: string;
}

/**
 * What the wall shows: the codes of the next minute and who is here.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadProjector(
  ctx: Ctx,
  place: { courseId: string; meetingId: string },
): Promise<ProjectorView> {
  const { course } = await requireStaff(ctx, place.courseId);
  const [{ window: _window, ...register }, codes] = await Promise.all([
    loadRegister(ctx, place),
    loadCodes(ctx, place),
  ]);
  return {
    ...register,
    ...codes,
    course: { title: course.title },
    publicUrl: env().PUBLIC_URL,
  };
}
