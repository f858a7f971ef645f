import { requireStaff } from '../access/require-place.ts';
import { loadRegister } from '../attendance/load-register.ts';
import type { RegisterView } from '../attendance/load-register.ts';
import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import type { Direction } from '../db/schema.ts';
import { loadCodes } from './load-codes.ts';
import type { CodesView } from './load-codes.ts';

/** The register, and the codes of one direction. */
export interface ProjectorView extends RegisterView, CodesView {
  direction: Direction;
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
  { direction = 'in', ...place }: { courseId: string; meetingId: string; direction?: Direction },
): Promise<ProjectorView> {
  const { course } = await requireStaff(ctx, place.courseId);
  const [register, codes] = await Promise.all([
    loadRegister(ctx, place),
    loadCodes(ctx, { ...place, direction }),
  ]);
  return {
    ...register,
    ...codes,
    direction,
    course: { title: course.title },
    publicUrl: env().PUBLIC_URL,
  };
}
