'use server';

import { revalidatePath } from 'next/cache';
import { revokeMemberDevice } from '#lib/devices/revoke-member-device.ts';
import { revokeMyDevice } from '#lib/devices/revoke-my-device.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

/** A student's own phone; the course is where they stand. */
export async function forgetPhone(courseId: string, deviceId: string): Promise<ActionResult<void>> {
  const result = await runAction((ctx) => revokeMyDevice(ctx, deviceId));
  revalidatePath(`/courses/${courseId}`);
  return result;
}

export async function revokePhone(
  key: { courseId: string; membershipId: string },
  deviceId: string,
): Promise<ActionResult<void>> {
  const result = await runAction((ctx) => revokeMemberDevice(ctx, { ...key, deviceId }));
  revalidatePath(`/courses/${key.courseId}/members/${key.membershipId}`);
  return result;
}
