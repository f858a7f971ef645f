'use server';

import { revalidatePath } from 'next/cache';
import type { ErrorCode } from '#lib/base/errors.ts';
import { runAction } from '#lib/http/load-page.ts';
import { createSeries } from '#lib/meetings/create-series.ts';
import { previewSeries } from '#lib/meetings/preview-series.ts';
import type { PreviewDay } from '#lib/meetings/preview-series.ts';
import type { SeriesProblems } from '#lib/meetings/rules.ts';

export type ShownSeries =
  | { kind: 'preview'; days: PreviewDay[] }
  | { kind: 'invalid'; problems: SeriesProblems }
  | { kind: 'refused'; code: ErrorCode };

export type SavedSeries =
  { kind: 'saved' } | { kind: 'invalid'; problems: SeriesProblems } | { kind: 'refused'; code: ErrorCode };

export async function showSeries(courseId: string, input: object): Promise<ShownSeries> {
  const result = await runAction((ctx) => previewSeries(ctx, { ...input, courseId }));
  return result.ok ? result.value : { kind: 'refused', code: result.code };
}

export async function saveSeries(courseId: string, input: object): Promise<SavedSeries> {
  const result = await runAction((ctx) => createSeries(ctx, { ...input, courseId }));
  if (!result.ok) return { kind: 'refused', code: result.code };
  if (result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result.value;
}
