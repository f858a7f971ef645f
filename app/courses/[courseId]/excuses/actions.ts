'use server';

import { revalidatePath } from 'next/cache';
import { addDocuments } from '#lib/excuses/add-documents.ts';
import type { AddedDocuments } from '#lib/excuses/add-documents.ts';
import { submitExcuse } from '#lib/excuses/submit-excuse.ts';
import type { SubmittedExcuse } from '#lib/excuses/submit-excuse.ts';
import { withdrawExcuse } from '#lib/excuses/withdraw-excuse.ts';
import type { WithdrawnExcuse } from '#lib/excuses/withdraw-excuse.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

export async function handIn(courseId: string, excuse: unknown): Promise<ActionResult<SubmittedExcuse>> {
  const result = await runAction((ctx) => submitExcuse(ctx, { courseId, excuse }));
  revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

export async function withdraw(courseId: string, excuseId: string): Promise<ActionResult<WithdrawnExcuse>> {
  const result = await runAction((ctx) => withdrawExcuse(ctx, { courseId, excuseId }));
  revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

/** A doctor's note that came later. */
export async function addToExcuse(
  key: { courseId: string; excuseId: string },
  fileIds: string[],
): Promise<ActionResult<AddedDocuments>> {
  const result = await runAction((ctx) => addDocuments(ctx, { ...key, fileIds }));
  revalidatePath(`/courses/${key.courseId}`, 'layout');
  return result;
}
