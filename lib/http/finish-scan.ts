import { errorFacts } from '../base/log.ts';
import { confirmScan } from '../check-in/confirm-scan.ts';
import type { Ctx } from '../context.ts';
import { asAppError } from './as-app-error.ts';
import { circumstancesOf } from './circumstances.ts';
import type { KnownBrowser } from './circumstances.ts';

/** Back to a kept scan, with its time, whether or not the browser keeps cookies. */
export function finishPath(ticket: string): string {
  return `/c/finish?ticket=${encodeURIComponent(ticket)}`;
}

/**
 * Checks in the person whom a launch has just signed in, with the ticket of its signed target. The launch is used up by
 * now: when the database goes away in this moment, the scan waits on its own page.
 *
 * @returns the path of the page that says what came of it
 */
export async function finishScan(
  request: Request,
  ctx: Ctx,
  { ticket, browser }: { ticket: string; browser: KnownBrowser },
): Promise<string> {
  let result;
  try {
    result = await confirmScan(ctx, {
      ticket,
      circumstances: circumstancesOf(request.headers, browser),
    });
  } catch (error) {
    if (asAppError(error).code !== 'unavailable') throw error;
    ctx.log.warn(errorFacts(error), 'a check-in waits for the database');
    return finishPath(ticket);
  }
  if ('checkInId' in result) return `/c/result/${result.checkInId}`;
  const age = result.kind === 'code-too-old' ? `?age=${String(result.ageSeconds)}` : '';
  return `/c/refused/${result.kind}${age}`;
}
