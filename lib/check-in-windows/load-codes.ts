import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectIsMeetingOf, selectUnclosedWindow } from './queries.ts';
import { codesAhead, isWindowOpen } from './rules.ts';
import { openSecret } from './window-secret.ts';

/** Dates are ISO text: it goes to the browser as JSON. */
export interface CodesView {
  window: { id: string; openedAt: string; closesAt: string; stepSeconds: number } | null;
  /** What the QR code's address ends with, and what is typed instead; the first one is shown now. */
  codes: { code: string; typed: string; from: string; until: string }[];
  /** Postgres' clock, so that the projector's own may be wrong. */
  serverNow: string;
}

/**
 * The codes of the next minute, for the screen that shows them. None when the check-in is closed.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadCodes(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer' | 'secrets'>,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<CodesView> {
  await requireStaff(ctx, courseId);
  const serverNow = ctx.now.toISOString();
  if (!isId(meetingId)) throw new AppError('not-found');
  const window = await selectUnclosedWindow(ctx.db, courseId, meetingId);
  if (window === undefined && !(await selectIsMeetingOf(ctx.db, courseId, meetingId))) {
    throw new AppError('not-found');
  }
  if (window === undefined || !isWindowOpen(window, ctx.now)) return { window: null, codes: [], serverNow };
  const source = { ...window, secret: openSecret(ctx.secrets, window.sealedSecret) };
  return {
    window: {
      id: window.id,
      openedAt: window.openedAt.toISOString(),
      closesAt: window.closesAt.toISOString(),
      stepSeconds: window.stepSeconds,
    },
    codes: codesAhead(source, window.closesAt, ctx.now).map((shown) => ({
      code: shown.code,
      typed: shown.typed,
      from: shown.from.toISOString(),
      until: shown.until.toISOString(),
    })),
    serverNow,
  };
}
