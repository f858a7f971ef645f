'use server';

import { loadHistory } from '#lib/audit/load-history.ts';
import type { HistoryOf } from '#lib/audit/load-history.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { tellHistory } from './tell-history.ts';
import type { ToldEntry } from './tell-history.ts';

/** A page of a history, in the reader's language. */
export interface ToldHistory {
  entries: ToldEntry[];
  older: string | undefined;
}

export async function readHistory(
  courseId: string,
  of: Extract<HistoryOf, { kind: 'record' | 'meeting' | 'member' }>,
  after?: string,
): Promise<ActionResult<ToldHistory>> {
  const { t } = await pageContext();
  return runAction(async (ctx) => {
    const view = await loadHistory(ctx, { courseId, of, after });
    return { entries: tellHistory(view, t), older: view.older };
  });
}
