'use server';

import { revalidatePath } from 'next/cache';
import type { Ctx } from '#lib/context.ts';
import { decideExcuses } from '#lib/excuses/decide-excuse.ts';
import type { DecidedExcuse } from '#lib/excuses/decide-excuse.ts';
import type { DecisionRequest } from '#lib/excuses/input.ts';
import { loadQueuedExcuse } from '#lib/excuses/load-excuse-queue.ts';
import { takeBackDecision } from '#lib/excuses/take-back-decision.ts';
import type { TakenBackDecision } from '#lib/excuses/take-back-decision.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { tellExcuse } from './_components/desk/tell-excuse.ts';
import type { ToldExcuse } from './_components/desk/tell-excuse.ts';

interface Answer<Result> {
  /** In the order in which they were sent. */
  results: Result[];
  /** What stands now of the excuse that is open then, where its list may not hold it. */
  now: ToldExcuse | undefined;
}

/** Decides one or several, each by itself. */
export async function decide(
  courseId: string,
  decisions: DecisionRequest[],
): Promise<ActionResult<Answer<DecidedExcuse>>> {
  const result = await runAction(async (ctx) => {
    const results = await decideExcuses(ctx, { courseId, decisions });
    const [decision] = results.every(({ kind }) => kind === 'decided') ? [] : decisions;
    return { results, now: await tellNow(ctx, courseId, decision?.excuseId) };
  });
  revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

/** Takes decisions back, each by itself. */
export async function takeBack(
  courseId: string,
  decided: { excuseId: string; revision: number }[],
): Promise<ActionResult<Answer<TakenBackDecision>>> {
  const result = await runAction(async (ctx) => {
    const results: TakenBackDecision[] = [];
    for (const one of decided) results.push(await takeBackDecision(ctx, { courseId, ...one }));
    return { results, now: await tellNow(ctx, courseId, decided[0]?.excuseId) };
  });
  revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

async function tellNow(
  ctx: Ctx,
  courseId: string,
  excuseId: string | undefined,
): Promise<ToldExcuse | undefined> {
  if (excuseId === undefined) return undefined;
  const { excuse, timeZone } = await loadQueuedExcuse(ctx, { courseId, excuseId });
  const { t } = await pageContext();
  return excuse && tellExcuse(excuse, { t, timeZone, now: ctx.now });
}
