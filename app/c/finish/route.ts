import { loadTicket } from '#lib/check-in/load-scan.ts';
import { answering } from '#lib/http/answering.ts';
import { readCookie } from '#lib/http/cookies.ts';
import { scanPage } from '../_pages/scan-page.ts';

/**
 * A kept scan, opened again: after an interruption, after "not you?", or by a platform that opens the target
 * without a launch. It sets no cookie, so that a forwarded address stays another browser's.
 */
export const GET = answering(async (request, voice) =>
  scanPage(
    await loadTicket(voice.ctx, {
      ticket: new URL(request.url).searchParams.get('ticket') ?? '',
      deviceKey: readCookie(request.headers, 'sk_device'),
    }),
    voice,
  ),
);
