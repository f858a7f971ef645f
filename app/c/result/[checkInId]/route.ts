import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { isTicketOver } from '#lib/check-in/rules.ts';
import { isHandheld } from '#lib/devices/rules.ts';
import { answering } from '#lib/http/answering.ts';
import { asAppError } from '#lib/http/as-app-error.ts';
import { readCookie } from '#lib/http/cookies.ts';
import { browserHints } from '#lib/http/phone-cookie.ts';
import { resultPage } from '../../_pages/result-page.ts';
import { waitingPage } from '../../_pages/scan-page.ts';

/** After the sign-in: the viewer's own check-in. */
export const GET = answering<RouteContext<'/c/result/[checkInId]'>>(async (request, voice, { params }) => {
  const { checkInId } = await params;
  let result;
  try {
    result = await loadCheckInResult(voice.ctx, {
      checkInId,
      deviceKey: readCookie(request.headers, 'sk_device'),
    });
  } catch (error) {
    if (asAppError(error).code !== 'unavailable') throw error;
    return waitingPage(`/c/result/${encodeURIComponent(checkInId)}`, voice);
  }
  return resultPage(result, voice, {
    phone: {
      ...result,
      isHandheld: isHandheld(browserHints(request.headers)),
      // Later on no browser keeps its ticket any more, and nobody can tell.
      hasScanned:
        readCookie(request.headers, 'sk_scan') !== undefined || isTicketOver(result.at, voice.ctx.now),
    },
  });
});
