import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import type { Direction } from '../db/schema.ts';
import { countCheckIn } from '../watching/meters.ts';
import { isToKeep, keepSight, untilKept } from './keep-sight.ts';
import type { ConfirmedCheckIn } from './keep-sight.ts';
import { selectMemberSnapshot } from './queries.ts';
import { countedSince, decideHelperCheckIn } from './rules.ts';
import type { DecisionToKeep, HelperDecision } from './rules.ts';

export type HelperCheckIn =
  ConfirmedCheckIn | Exclude<HelperDecision, DecisionToKeep | { kind: 'ticket-used' }>;

/**
 * Somebody who runs the course checks a member in or out, without a code: a card was scanned, or a name was picked.
 * Evidence and record are as for any other check-in; a record that a teacher has entered stays.
 *
 * @param attemptId a random id of this press, so that a repeated request checks in once
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function checkInForMember(
  ctx: Ctx,
  given: {
    courseId: string;
    meetingId: string;
    membershipId: string;
    direction: Direction;
    attemptId: string;
  },
): Promise<HelperCheckIn> {
  const helper = await requireMarker(ctx, given.courseId);
  if (![given.meetingId, given.membershipId, given.attemptId].every(isId)) throw new AppError('not-found');
  return countCheckIn('helper', await untilKept(() => judge(ctx, given, helper.personId)));
}

async function judge(
  ctx: Ctx,
  given: Parameters<typeof checkInForMember>[1],
  helperPersonId: string,
): Promise<HelperCheckIn | undefined> {
  const ticketId = `helper:${given.attemptId}`;
  const snapshot = await selectMemberSnapshot(ctx.db, given, {
    ticketId,
    now: ctx.now,
    countedSince: countedSince(ctx.now),
  });
  if (snapshot?.meeting.courseId !== given.courseId) throw new AppError('not-found');
  const { member } = snapshot;
  const decision = decideHelperCheckIn(
    { ...snapshot, courseId: given.courseId },
    { at: ctx.now, direction: given.direction },
  );
  if (member === undefined) return { kind: 'not-a-member' };
  if (isToKeep(decision)) {
    return keepSight(
      ctx,
      { ...snapshot, member },
      decision,
      {
        ticketId,
        windowId: null,
        direction: given.direction,
        via: 'helper',
        helperPersonId,
        scannedAt: ctx.now,
        confirmedAt: ctx.now,
        deviceId: null,
        scanBrowserHash: null,
        browserHash: null,
        networkHash: null,
        isNetworkAllowed: null,
        distanceMeters: null,
      },
      helperPersonId,
    );
  }
  // The press id of somebody else's: made up, or a collision of 122 random bits.
  if (decision.kind === 'ticket-used') throw new AppError('not-found');
  return decision;
}
