import { confirmScan } from '../check-in/confirm-scan.ts';
import type { Ctx } from '../context.ts';
import { circumstancesOf } from './circumstances.ts';
import type { KnownBrowser } from './circumstances.ts';
import { readCookie } from './cookies.ts';

/**
 * Checks in the person whom a launch has just signed in, with the ticket of its signed target.
 *
 * @returns the path of the page that says what came of it
 */
export async function finishScan(
  request: Request,
  ctx: Ctx,
  { ticket, browser }: { ticket: string; browser: KnownBrowser },
): Promise<string> {
  const result = await confirmScan(ctx, {
    ticket,
    cookieTicket: readCookie(request.headers, 'sk_scan'),
    circumstances: circumstancesOf(request.headers, browser),
  });
  if ('checkInId' in result) return `/c/result/${result.checkInId}`;
  const age = result.kind === 'code-too-old' ? `?age=${String(result.ageSeconds)}` : '';
  return `/c/refused/${result.kind}${age}`;
}
