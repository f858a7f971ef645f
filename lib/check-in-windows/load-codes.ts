import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import type { Direction } from '../db/schema.ts';
import type { WindowView } from '../live/notices.ts';
import { directionInput, readInput } from './input.ts';
import { selectIsMeetingOf, selectUnclosedWindow } from './queries.ts';
import { phaseOf } from './phase.ts';
import { codesAhead } from './rules.ts';
import { viewOfWindow } from './tell-window.ts';
import { openSecret } from './window-secret.ts';

/** Dates are ISO text: it goes to the browser as JSON. */
export interface CodesView {
  /** Open, or still to come. */
  window: WindowView | null;
  /** What the QR code's address ends with, and what is typed instead; the first one is shown now. */
  codes: { code: string; typed: string; from: string; until: string }[];
  /** Postgres' clock, so that the projector's own may be wrong. */
  serverNow: string;
}

/**
 * The codes of the next minute, for the screen that shows them. None when the check-in, or the check-out, is closed.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`, `invalid-input`
 */
export async function loadCodes(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer' | 'secrets'>,
  given: { courseId: string; meetingId: string; direction?: Direction },
): Promise<CodesView> {
  const { courseId, meetingId } = given;
  await requireStaff(ctx, courseId);
  const serverNow = ctx.now.toISOString();
  if (!isId(meetingId)) throw new AppError('not-found');
  const { direction } = readInput(directionInput, given);
  const window = await selectUnclosedWindow(ctx.db, courseId, meetingId, direction);
  if (window === undefined && !(await selectIsMeetingOf(ctx.db, courseId, meetingId))) {
    throw new AppError('not-found');
  }
  if (window === undefined || phaseOf(window, ctx.now) === 'over') {
    return { window: null, codes: [], serverNow };
  }
  const source = { ...window, secret: openSecret(ctx.secrets, window.sealedSecret) };
  return {
    window: viewOfWindow(window),
    codes: codesAhead(source, window, ctx.now).map((shown) => ({
      code: shown.code,
      typed: shown.typed,
      from: shown.from.toISOString(),
      until: shown.until.toISOString(),
    })),
    serverNow,
  };
}
