'use server';

import { revalidatePath } from 'next/cache';
import { markRecords } from '#lib/attendance/mark-records.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { decideCheckIns } from '#lib/reviews/decide-check-ins.ts';
import type { Decision } from '#lib/reviews/load-review.ts';
import { dropSpotCheck, endSpotCheck, tickPick } from '#lib/reviews/run-spot-check.ts';
import type { SpotCheckStep } from '#lib/reviews/run-spot-check.ts';
import { startSpotCheck } from '#lib/reviews/start-spot-check.ts';
import type { StartedSpotCheck } from '#lib/reviews/start-spot-check.ts';

export interface Place {
  courseId: string;
  meetingId: string;
}

/** Whatever came of it, the page then shows what stands there. */
async function changed<Value>(place: Place, act: Promise<ActionResult<Value>>): Promise<ActionResult<Value>> {
  const result = await act;
  revalidatePath(`/courses/${place.courseId}/meetings/${place.meetingId}`, 'layout');
  return result;
}

export async function decide(
  place: Place,
  checkInIds: string[],
  decision: Decision | null,
): Promise<ActionResult<{ decided: number }>> {
  return changed(
    place,
    runAction((ctx) => decideCheckIns(ctx, { ...place, checkInIds, decision })),
  );
}

export async function start(place: Place, size: number): Promise<ActionResult<StartedSpotCheck>> {
  return changed(
    place,
    runAction((ctx) => startSpotCheck(ctx, { ...place, size })),
  );
}

export async function tick(
  place: Place,
  pick: { spotCheckId: string; membershipId: string; isThere: boolean },
): Promise<ActionResult<SpotCheckStep>> {
  return changed(
    place,
    runAction((ctx) => tickPick(ctx, { ...place, ...pick })),
  );
}

export async function end(
  place: Place,
  spotCheckId: string,
  isEnded: boolean,
): Promise<ActionResult<SpotCheckStep>> {
  return changed(
    place,
    runAction((ctx) => endSpotCheck(ctx, { ...place, spotCheckId }, isEnded)),
  );
}

export async function drop(place: Place, spotCheckId: string): Promise<ActionResult<SpotCheckStep>> {
  return changed(
    place,
    runAction((ctx) => dropSpotCheck(ctx, { ...place, spotCheckId })),
  );
}

/** Somebody who was called out and was not there. */
export async function markAbsent(
  place: Place,
  { membershipId, revision }: { membershipId: string; revision: number },
): Promise<ActionResult<MarkResult['kind'] | undefined>> {
  return changed(
    place,
    runAction(async (ctx) => {
      const marks = [{ membershipId, revision, change: { kind: 'word', status: 'absent' } }];
      const [result] = await markRecords(ctx, { ...place, marks });
      return result?.kind;
    }),
  );
}
