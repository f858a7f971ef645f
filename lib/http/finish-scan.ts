import { confirmScan } from '../check-in/confirm-scan.ts';
import { networkPrefix } from '../check-in/rules.ts';
import { isSameBrowser } from '../check-in/scan-ticket.ts';
import type { Ctx } from '../context.ts';
import { readCookie } from './cookies.ts';

/**
 * Checks in the person whom a launch has just signed in, with the ticket of its signed target.
 *
 * @returns the path of the page that says what came of it
 */
export async function finishScan(request: Request, ctx: Ctx, ticket: string): Promise<string> {
  const result = await confirmScan(ctx, {
    ticket,
    sameBrowser: isSameBrowser(ctx, ticket, readCookie(request.headers, 'sk_scan')),
    deviceKey: readCookie(request.headers, 'sk_device'),
    network: networkPrefix(request.headers.get('x-forwarded-for')),
  });
  if ('checkInId' in result) return `/c/result/${result.checkInId}`;
  const age = result.kind === 'code-too-old' ? `?age=${String(result.ageSeconds)}` : '';
  return `/c/refused/${result.kind}${age}`;
}
