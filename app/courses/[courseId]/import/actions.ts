'use server';

import { revalidatePath } from 'next/cache';
import type { ErrorCode } from '#lib/base/errors.ts';
import { previewImport } from '#lib/calendars/preview-import.ts';
import { runImport } from '#lib/calendars/run-import.ts';
import { runAction } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { tellFileProblem, tellImport } from './_components/tell-import.ts';
import type { ToldImport } from './_components/tell-import.ts';

export type ImportAnswer =
  | { kind: 'preview'; preview: ToldImport; isOutdated: boolean }
  | { kind: 'unreadable'; sentence: string }
  | { kind: 'imported'; made: number; changed: number; recomputed: number }
  | { kind: 'refused'; code: ErrorCode };

/** What the file in the form (`file`) would do. */
export async function previewFile(courseId: string, form: FormData): Promise<ImportAnswer> {
  const { t, language } = await pageContext();
  const bytes = await bytesOf(form);
  const result = await runAction((ctx) => previewImport(ctx, { courseId, bytes }));
  if (!result.ok) return { kind: 'refused', code: result.code };
  const preview = result.value;
  return preview.kind === 'unreadable'
    ? { kind: 'unreadable', sentence: tellFileProblem(preview.problem, t) }
    : { kind: 'preview', preview: tellImport(preview, t, language), isOutdated: false };
}

/** Imports the rows of the file whose marks the form names (`mark`). */
export async function importFile(courseId: string, form: FormData): Promise<ImportAnswer> {
  const { t, language } = await pageContext();
  const bytes = await bytesOf(form);
  const marks = form.getAll('mark');
  const result = await runAction((ctx) => runImport(ctx, { courseId, bytes, marks }));
  if (!result.ok) return { kind: 'refused', code: result.code };
  const ran = result.value;
  switch (ran.kind) {
    case 'unreadable':
      return { kind: 'unreadable', sentence: tellFileProblem(ran.problem, t) };
    case 'outdated':
      return { kind: 'preview', preview: tellImport(ran, t, language), isOutdated: true };
    case 'imported':
      revalidatePath(`/courses/${courseId}`, 'layout');
      return ran;
  }
}

async function bytesOf(form: FormData): Promise<Uint8Array> {
  const file = form.get('file');
  return file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
}
