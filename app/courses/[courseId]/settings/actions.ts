'use server';

import { revalidatePath } from 'next/cache';
import type { ErrorCode } from '#lib/base/errors.ts';
import { runAction } from '#lib/http/load-page.ts';
import { setTimeZone } from '#lib/settings/set-time-zone.ts';
import type { SetTimeZone } from '#lib/settings/set-time-zone.ts';
import { updatePolicy } from '#lib/settings/update-policy.ts';
import type { UpdatedPolicy } from '#lib/settings/update-policy.ts';
import type { EnteredPolicy } from './_components/policy-draft.ts';

interface Refused {
  kind: 'refused';
  code: ErrorCode;
}

export type SavedPolicy = UpdatedPolicy | Refused;
export type SavedTimeZone = SetTimeZone | Refused;

export async function savePolicy(
  key: { courseId: string; revision: number },
  policy: EnteredPolicy,
): Promise<SavedPolicy> {
  const { courseId, revision } = key;
  const result = await runAction((ctx) => updatePolicy(ctx, { courseId, revision, policy }));
  if (!result.ok) return { kind: 'refused', code: result.code };
  if (result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result.value;
}

export async function saveTimeZone(given: {
  courseId: string;
  seen: string;
  timeZone: string;
}): Promise<SavedTimeZone> {
  const { courseId, seen, timeZone } = given;
  const result = await runAction((ctx) => setTimeZone(ctx, { courseId, seen, timeZone }));
  if (!result.ok) return { kind: 'refused', code: result.code };
  if (result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result.value;
}
