'use server';

import type { Direction } from '#lib/check-in-windows/input.ts';
import { helpMember } from '#lib/helping/help-member.ts';
import type { HelpResult } from '#lib/helping/help-member.ts';
import { takeBackHelp } from '#lib/helping/take-back-help.ts';
import type { TakenBack } from '#lib/helping/take-back-help.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

interface Place {
  courseId: string;
  meetingId: string;
}

export interface Press {
  direction: Direction;
  attemptId: string;
  whom: { membershipId: string } | { scanned: string };
}

type Kept = Extract<HelpResult, { checkInId: string }>;

/** What came of a press or a scan, as far as the screen tells it. */
export type Helped =
  | (Pick<Kept, 'kind' | 'direction' | 'checkInId' | 'at'> & { name: string })
  | { kind: Exclude<HelpResult['kind'], Kept['kind']> };

export async function help(place: Place, press: Press): Promise<ActionResult<Helped>> {
  return runAction(async (ctx): Promise<Helped> => {
    const result = await helpMember(ctx, { ...place, ...press });
    if (!('checkInId' in result)) return { kind: result.kind };
    const { kind, direction, checkInId, at, personName } = result;
    return { kind, direction, checkInId, at, name: personName ?? '' };
  });
}

export async function takeBack(place: Place, checkInId: string): Promise<ActionResult<TakenBack>> {
  return runAction((ctx) => takeBackHelp(ctx, { courseId: place.courseId, checkInId }));
}
