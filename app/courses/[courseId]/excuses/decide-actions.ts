'use server';

import { revalidatePath } from 'next/cache';
import { decideExcuses } from '#lib/excuses/decide-excuse.ts';
import type { DecidedExcuse } from '#lib/excuses/decide-excuse.ts';
import type { DecisionRequest } from '#lib/excuses/input.ts';
import { takeBackDecision } from '#lib/excuses/take-back-decision.ts';
import type { TakenBackDecision } from '#lib/excuses/take-back-decision.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

/** Decides one or several, each by itself; the answers stand in the same order. */
export async function decide(
  courseId: string,
  decisions: DecisionRequest[],
): Promise<ActionResult<DecidedExcuse[]>> {
  const result = await runAction((ctx) => decideExcuses(ctx, { courseId, decisions }));
  revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

/** Takes decisions back, each by itself. */
export async function takeBack(
  courseId: string,
  decided: { excuseId: string; revision: number }[],
): Promise<ActionResult<TakenBackDecision[]>> {
  const result = await runAction(async (ctx) => {
    const back: TakenBackDecision[] = [];
    for (const one of decided) back.push(await takeBackDecision(ctx, { courseId, ...one }));
    return back;
  });
  revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}
