import { env } from '#lib/base/env.ts';
import { errorFacts } from '#lib/base/log.ts';
import { asAppError } from '#lib/http/as-app-error.ts';
import { readCookie } from '#lib/http/cookies.ts';
import { finishPath } from '#lib/http/finish-scan.ts';
import { seeOther } from '#lib/http/redirect.ts';
import type { RequestContext } from '#lib/http/request-context.ts';
import { waitingScanOf } from '#lib/launches/rules.ts';
import { waitingPage } from '../../c/_pages/scan-page.ts';

/**
 * Where a sign-in breaks off that was to finish a scan, the scan is not lost with it: it waits for the database, or
 * goes on with another sign-in when this one was used up and its answer never came.
 *
 * @param target as it came, signed or not: the ticket in it is sealed by us, and is judged where it leads
 * @returns undefined where there is no scan, or nothing that another try could change
 */
export function scanGoesOn(
  error: unknown,
  { target, headers }: { target: string | undefined; headers: Headers },
  voice: RequestContext,
): Response | undefined {
  const ticket = waitingScanOf(target, env().PUBLIC_URL);
  if (ticket === undefined) return undefined;
  switch (asAppError(error).code) {
    case 'unavailable':
      voice.ctx.log.warn(errorFacts(error), 'a scan waits for the database');
      return waitingPage(finishPath(ticket), voice);
    case 'launch-replayed':
      return seeOther(finishPath(ticket));
    // Back or Reload after a launch that went well: its key is gone with it, and the login is there. A browser that keeps
    // no cookie at all would go round in circles.
    case 'state-other-browser':
      return readCookie(headers, 'sk_login') === undefined ? undefined : seeOther(finishPath(ticket));
    default:
      return undefined;
  }
}
