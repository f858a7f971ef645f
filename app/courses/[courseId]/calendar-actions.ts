'use server';

import { env } from '#lib/base/env.ts';
import { renewCalendarLink } from '#lib/calendars/renew-calendar-link.ts';
import { showCalendarLink } from '#lib/calendars/show-calendar-link.ts';
import { runAction } from '#lib/http/load-page.ts';
import type { ActionResult } from '#lib/http/load-page.ts';

/** The viewer's calendar link, made when they ask for the first time. */
export async function showLink(courseId: string): Promise<ActionResult<string>> {
  return runAction(async (ctx) => addressOf(await showCalendarLink(ctx, { courseId })));
}

/** Another link; the old one stops. */
export async function renewLink(courseId: string): Promise<ActionResult<string>> {
  return runAction(async (ctx) => addressOf(await renewCalendarLink(ctx, { courseId })));
}

function addressOf({ token }: { token: string }): string {
  return `${env().PUBLIC_URL}/calendar/${token}.ics`;
}
