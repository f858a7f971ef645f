'use server';

import { env } from '#lib/base/env.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { renewCalendarLink } from '#lib/calendars/renew-calendar-link.ts';
import { showCalendarLink } from '#lib/calendars/show-calendar-link.ts';
import { runAction } from '#lib/http/load-page.ts';

export type CalendarLink = { ok: true; href: string } | { ok: false; code: ErrorCode };

/** The viewer's calendar link, made when they ask for the first time. */
export async function showLink(courseId: string): Promise<CalendarLink> {
  const result = await runAction((ctx) => showCalendarLink(ctx, { courseId }));
  return result.ok ? linkOf(result.value) : { ok: false, code: result.code };
}

/** Another link; the old one stops. */
export async function renewLink(courseId: string): Promise<CalendarLink> {
  const result = await runAction((ctx) => renewCalendarLink(ctx, { courseId }));
  return result.ok ? linkOf(result.value) : { ok: false, code: result.code };
}

function linkOf({ token }: { token: string }): CalendarLink {
  return { ok: true, href: `${env().PUBLIC_URL}/calendar/${token}.ics` };
}
