import { requireMarker } from '../access/require-place.ts';
import { lockMeetingToTake } from '../attendance/queries.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { pickInput, spotCheckInput } from './input.ts';
import {
  deleteSpotCheck,
  selectSpotCheckCounts,
  selectSpotChecks,
  updatePick,
  updateSpotCheckEnded,
} from './queries.ts';
import type { SpotCheckRow } from './queries.ts';

/** `changed`: somebody else has ended it, gone on with it or dropped it meanwhile. */
export type SpotCheckStep = { kind: 'done' | 'changed' };

interface Key {
  courseId: string;
  meetingId: string;
  spotCheckId: string;
}

/**
 * Says whether somebody who was called out is there, while the spot check goes on.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `invalid-input`, `not-found`
 */
export async function tickPick(
  ctx: Ctx,
  { courseId, ...given }: Key & { membershipId: unknown; isThere: unknown },
): Promise<SpotCheckStep> {
  await requireMarker(ctx, courseId);
  const parsed = pickInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  const { membershipId, isThere, ...key } = parsed.data;
  return withSpotCheck(ctx, { courseId, ...key }, async (tx, { id, endedAt }) => {
    if (endedAt !== null) return { kind: 'changed' };
    const isKnown = await updatePick(tx.db, { spotCheckId: id, membershipId }, isThere);
    return { kind: isKnown ? 'done' : 'changed' };
  });
}

/**
 * Ends a spot check: whoever was not ticked was not there. Or goes on with it, to correct it.
 *
 * @throws AppError as `tickPick`
 */
export async function endSpotCheck(ctx: Ctx, given: Key, isEnded = true): Promise<SpotCheckStep> {
  const key = await requireKey(ctx, given);
  return withSpotCheck(ctx, key, async (tx, { id, endedAt }, all) => {
    if ((endedAt !== null) === isEnded) return { kind: 'changed' };
    if (!isEnded && all.some((one) => one.endedAt === null)) return { kind: 'changed' };
    await updateSpotCheckEnded(tx.db, id, isEnded ? tx.now : null);
    const [found] = isEnded ? await selectSpotCheckCounts(tx.db, { spotCheckId: id }) : [];
    await insertAuditEvent(tx, {
      ...{ courseId: key.courseId, subjectId: key.meetingId },
      action: isEnded ? 'spot-check.ended' : 'spot-check.reopened',
      after: found === undefined ? null : { called: found.called, missing: found.missing },
    });
    return { kind: 'done' };
  });
}

/**
 * Drops a spot check that is going on: it says nothing.
 *
 * @throws AppError as `tickPick`
 */
export async function dropSpotCheck(ctx: Ctx, given: Key): Promise<SpotCheckStep> {
  const key = await requireKey(ctx, given);
  return withSpotCheck(ctx, key, async (tx, { id, endedAt }) => {
    if (endedAt !== null) return { kind: 'changed' };
    await deleteSpotCheck(tx.db, id);
    await insertAuditEvent(tx, {
      courseId: key.courseId,
      action: 'spot-check.dropped',
      subjectId: key.meetingId,
    });
    return { kind: 'done' };
  });
}

async function requireKey(ctx: Ctx, { courseId, ...given }: Key): Promise<Key> {
  await requireMarker(ctx, courseId);
  const parsed = spotCheckInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  return { courseId, ...parsed.data };
}

/** Spot checks of a meeting change one after another. One that is gone was dropped by somebody else. */
function withSpotCheck(
  ctx: Ctx,
  { courseId, meetingId, spotCheckId }: Key,
  step: (tx: Ctx, spotCheck: SpotCheckRow, all: readonly SpotCheckRow[]) => Promise<SpotCheckStep>,
): Promise<SpotCheckStep> {
  return transaction(ctx, async (tx) => {
    const meeting = await lockMeetingToTake(tx.db, { courseId, meetingId }, 'update');
    if (meeting === undefined) throw new AppError('not-found');
    const all = await selectSpotChecks(tx.db, meetingId);
    const spotCheck = all.find(({ id }) => id === spotCheckId);
    return spotCheck === undefined ? { kind: 'changed' } : step(tx, spotCheck, all);
  });
}
