import { loadScan } from '#lib/check-in/load-scan.ts';
import { ticketSeconds } from '#lib/check-in/scan-ticket.ts';
import { answering } from '#lib/http/answering.ts';
import { knowBrowser } from '#lib/http/circumstances.ts';
import { readCookie, setCookie } from '#lib/http/cookies.ts';
import { scanPage } from '../_pages/scan-page.ts';

/**
 * What a scanned QR code opens. It stores nothing, so that previews and prefetchers do no harm: the scan
 * becomes a sealed ticket, and this browser keeps it as a cookie.
 */
export const GET = answering<RouteContext<'/c/[code]'>>(async (request, voice, { params }) => {
  const browser = knowBrowser(request.headers);
  const scan = await loadScan(voice.ctx, {
    code: (await params).code,
    browserHash: browser.browserHash,
    cookieTicket: readCookie(request.headers, 'sk_scan'),
    deviceKey: readCookie(request.headers, 'sk_device'),
  });
  return scanPage(scan, voice, {
    headers:
      'ticket' in scan
        ? [...browser.cookies, ['set-cookie', setCookie('sk_scan', scan.ticket, ticketSeconds)]]
        : [],
  });
});
