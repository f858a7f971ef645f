'use server';

import { revalidatePath } from 'next/cache';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';
import { changeSpans } from '#lib/members/change-spans.ts';
import type { ChangedSpans } from '#lib/members/change-spans.ts';
import { decideConflict } from '#lib/members/decide-conflict.ts';
import type { ConflictDecision } from '#lib/members/decide-conflict.ts';
import { loadMember } from '#lib/members/load-member.ts';
import { setExtraMinutes } from '#lib/members/set-extra-minutes.ts';
import { confirmDepartures } from '#lib/rosters/confirm-departures.ts';
import { requestRosterSyncNow } from '#lib/rosters/request-roster-sync.ts';
import type { SyncRequest } from '#lib/rosters/request-roster-sync.ts';
import { draftOfSpans } from './_components/span-draft.ts';
import type { SpanDraft } from './_components/span-draft.ts';

export async function saveExtraMinutes(
  key: { courseId: string; membershipId: string },
  minutes: number,
): Promise<ActionResult<null>> {
  const result = await runAction(async (ctx) => {
    await setExtraMinutes(ctx, { ...key, minutes });
    return null;
  });
  if (result.ok) revalidatePath(`/courses/${key.courseId}`, 'layout');
  return result;
}

export async function askForRoster(courseId: string): Promise<ActionResult<SyncRequest>> {
  return runAction((ctx) => requestRosterSyncNow(ctx, courseId));
}

export async function confirmLeft(courseId: string): Promise<ActionResult<{ departed: number }>> {
  const result = await runAction((ctx) => confirmDepartures(ctx, courseId));
  if (result.ok) revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

export async function decide(
  courseId: string,
  conflictId: string,
  decision: 'merged' | 'apart',
): Promise<ActionResult<ConflictDecision>> {
  const result = await runAction((ctx) => decideConflict(ctx, { courseId, conflictId, decision }));
  if (result.ok) revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}

export type SavedSpans =
  | Exclude<ChangedSpans, { kind: 'conflict' }>
  /** What stands there now, and the version with which one's own may replace it. */
  | { kind: 'conflict'; theirs: SpanDraft[]; version: string };

export async function saveSpans(
  key: { courseId: string; membershipId: string; version: string },
  spans: SpanDraft[],
): Promise<ActionResult<SavedSpans>> {
  const { courseId, membershipId, version } = key;
  const result = await runAction(async (ctx): Promise<SavedSpans> => {
    const sent = spans.map(({ id, sectionId, from, to }) => ({
      ...{ id: id ?? undefined, sectionId },
      ...{ from: from === '' ? null : from, to: to === '' ? null : to },
    }));
    const changed = await changeSpans(ctx, { courseId, membershipId, seen: version, spans: sent });
    if (changed.kind !== 'conflict') return changed;
    const now = await loadMember(ctx, { courseId, membershipId });
    return { kind: 'conflict', theirs: draftOfSpans(now.spans), version: now.version };
  });
  if (result.ok && result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result;
}
