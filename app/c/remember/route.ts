import { isId } from '#lib/base/ids.ts';
import { deviceSeconds, rememberDevice } from '#lib/check-in/remember-device.ts';
import { answering } from '#lib/http/answering.ts';
import { readCookie, setCookie } from '#lib/http/cookies.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';

/** "This is my phone", said by somebody whom a launch has signed in. */
export const POST = answering(async (request, { ctx }) => {
  requireOwnOrigin(request.headers);
  const checkInId = (await readForm(request)).get('checkIn') ?? '';
  const { deviceKey } = await rememberDevice(ctx, { oldKey: readCookie(request.headers, 'sk_device') });
  return seeOther(isId(checkInId) ? `/c/result/${checkInId}` : '/c', [
    ['set-cookie', setCookie('sk_device', deviceKey, deviceSeconds)],
  ]);
});

/** After Back, or from the history: the place to begin again. */
export const GET = answering(() => Promise.resolve(seeOther('/c')));
