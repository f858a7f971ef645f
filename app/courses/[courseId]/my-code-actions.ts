'use server';

import { env } from '#lib/base/env.ts';
import { renewMyCode } from '#lib/helping/renew-my-code.ts';
import { showMyCode } from '#lib/helping/show-my-code.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

/** What the viewer's own code holds; made when they ask for the first time. */
export async function showCode(courseId: string): Promise<ActionResult<string>> {
  return runAction(async (ctx) => addressOf(await showMyCode(ctx, { courseId })));
}

/** Another code; the old one is void. */
export async function renewCode(courseId: string): Promise<ActionResult<string>> {
  return runAction(async (ctx) => addressOf(await renewMyCode(ctx, { courseId })));
}

function addressOf({ token }: { token: string }): string {
  return `${env().PUBLIC_URL}/h/${token}`;
}
