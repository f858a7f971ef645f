import { requireStaff } from '../access/require-place.ts';
import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { canvasApiFor, canvasApiOf } from './canvas-api.ts';
import type { CanvasApi } from './canvas-api.ts';
import { requireCourse } from './require-course.ts';
import { countDepartures, selectSyncs } from './queries.ts';
import type { SyncRow } from './queries.ts';
import { deadBefore } from './rules.ts';

const mostShown = 20;

/** One reading of the roster. `interrupted`: its process died in the middle, and nothing more will come. */
export interface RosterSyncView extends Omit<SyncRow, 'outcome'> {
  state: 'running' | 'complete' | 'failed' | 'interrupted';
}

export interface RosterLog {
  /** False: the platform offers no list to us; members come by their own launches alone. */
  isOffered: boolean;
  /** When the last complete list began to be read. */
  syncedAt: Date | null;
  /** The one under way, with its progress: `pages`, `listed`. */
  running: RosterSyncView | undefined;
  /** Those that are over, the last first; twenty at most. */
  past: RosterSyncView[];
  /** Members who are no longer on the platform's list, and still count until a teacher confirms. */
  held: { reason: 'many' | 'concluded'; missing: number; enrolled: number } | undefined;
}

/**
 * What the course's last readings of the roster brought. For teachers and assistants.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadRosterLog(ctx: Ctx, courseId: string): Promise<RosterLog> {
  await requireStaff(ctx, courseId);
  return readRosterLog(ctx, courseId, canvasApiOf(env()));
}

/** As `loadRosterLog`, for the operator. */
export async function readRosterLog(
  ctx: Pick<Ctx, 'db' | 'now'>,
  courseId: string,
  canvas: CanvasApi | undefined,
): Promise<RosterLog> {
  const found = await requireCourse(ctx, courseId);
  const { course } = found;
  const syncs = (await selectSyncs(ctx.db, courseId, mostShown)).map((row) => viewOf(row, ctx.now));
  const reason = course.departuresHeld;
  const departures = reason === null ? undefined : await countDepartures(ctx.db, courseId, ctx.now);
  return {
    isOffered: course.namesAndRolesUrl !== null || canvasApiFor(canvas, found) !== undefined,
    syncedAt: course.rosterSyncedAt,
    running: syncs.find(({ state }) => state === 'running'),
    past: syncs.filter(({ state }) => state !== 'running'),
    // All of them may have come back by their own launches.
    held:
      reason === null || departures === undefined || departures.missing === 0
        ? undefined
        : { reason, ...departures },
  };
}

function viewOf({ outcome, ...row }: SyncRow, now: Date): RosterSyncView {
  const isDead = row.startedAt < deadBefore(now);
  return { ...row, state: outcome ?? (isDead ? 'interrupted' : 'running') };
}
