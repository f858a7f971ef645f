import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { rememberDevice } from '#lib/devices/remember-device.ts';
import { answering } from '#lib/http/answering.ts';
import { readCookie, setCookie } from '#lib/http/cookies.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { browserHints } from '#lib/http/phone-cookie.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';
import { notAPhonePage } from '../_pages/not-a-phone-page.ts';

/** "This is my phone", said by somebody whom a launch has signed in. */
export const POST = answering(async (request, voice) => {
  requireOwnOrigin(request.headers);
  const checkInId = (await readForm(request)).get('checkIn') ?? '';
  const oldKey = readCookie(request.headers, 'sk_device');
  // The page asked the person of this check-in. Has somebody else signed in here since, it does not become their phone.
  await loadCheckInResult(voice.ctx, { checkInId, deviceKey: oldKey });
  const backPath = `/c/result/${checkInId}`;
  const result = await rememberDevice(voice.ctx, {
    oldKey,
    browser: browserHints(request.headers),
  });
  if (result.kind === 'not-a-phone') return notAPhonePage(backPath, voice);
  return seeOther(backPath, [['set-cookie', setCookie('sk_device', result.deviceKey, result.maxAgeSeconds)]]);
});

/** After Back, or from the history: the place to begin again. */
export const GET = answering(() => Promise.resolve(seeOther('/c')));
