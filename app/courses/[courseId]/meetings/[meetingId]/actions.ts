'use server';

import { closeRegister, reopenRegister } from '#lib/attendance/close-register.ts';
import { loadReplaceableMeetings } from '#lib/attendance/load-replaceable-meetings.ts';
import type { ReplaceableMeeting } from '#lib/attendance/load-replaceable-meetings.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { planCheckIn } from '#lib/check-in-windows/plan-check-in.ts';
import type { PlannedCheckIn } from '#lib/check-in-windows/plan-check-in.ts';
import { prolongCheckIn } from '#lib/check-in-windows/prolong-check-in.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

interface Place {
  courseId: string;
  meetingId: string;
}

/** The check-in of a meeting, or its check-out. */
interface Way extends Place {
  direction: Direction;
}

/** One press of "more time". */
const prolongMinutes = 5;

export async function start({ courseId, meetingId, direction }: Way): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await openCheckIn(ctx, { courseId, meetingId, direction });
    return null;
  });
}

export async function plan(
  given: Way & { stepSeconds: number | null; beforeMinutes: number; afterMinutes: number },
): Promise<ActionResult<PlannedCheckIn['kind']>> {
  return runAction(async (ctx) => (await planCheckIn(ctx, given)).kind);
}

/** Ends it, or takes back that it opens by itself. */
export async function stop({ courseId, meetingId, direction }: Way): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await closeCheckIn(ctx, { courseId, meetingId, direction });
    return null;
  });
}

export async function prolong({ courseId, meetingId, direction }: Way): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    // Closed meanwhile: the screen hears it from the stream.
    await prolongCheckIn(ctx, { courseId, meetingId, direction, minutes: prolongMinutes });
    return null;
  });
}

export async function close(place: Place): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await closeRegister(ctx, place);
    return null;
  });
}

export async function reopen(place: Place): Promise<ActionResult<null>> {
  return runAction(async (ctx) => {
    await reopenRegister(ctx, place);
    return null;
  });
}

/** A missed meeting as a choice. */
export type ReplaceableChoice = Pick<
  ReplaceableMeeting,
  'id' | 'title' | 'number' | 'localStart' | 'timeZone' | 'startsAt'
>;

export async function findReplaceable(
  given: Place & { membershipId: string },
): Promise<ActionResult<ReplaceableChoice[]>> {
  return runAction(async (ctx) => {
    const found = await loadReplaceableMeetings(ctx, given);
    return found.map(({ id, title, number, localStart, timeZone, startsAt }) => ({
      ...{ id, title, number, localStart, timeZone, startsAt },
    }));
  });
}
