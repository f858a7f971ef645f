import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { isHandheld } from '#lib/devices/rules.ts';
import { answering } from '#lib/http/answering.ts';
import { readCookie } from '#lib/http/cookies.ts';
import { browserHints } from '#lib/http/phone-cookie.ts';
import { resultPage } from '../../_pages/result-page.ts';

/** After the sign-in: the viewer's own check-in. */
export const GET = answering<RouteContext<'/c/result/[checkInId]'>>(async (request, voice, { params }) => {
  const result = await loadCheckInResult(voice.ctx, {
    checkInId: (await params).checkInId,
    deviceKey: readCookie(request.headers, 'sk_device'),
  });
  return resultPage(result, voice, {
    phone: { ...result, isHandheld: isHandheld(browserHints(request.headers)) },
  });
});
