import { forgetDevice } from '#lib/devices/forget-device.ts';
import { answering } from '#lib/http/answering.ts';
import { readCookie, setCookie } from '#lib/http/cookies.ts';
import { finishPath } from '#lib/http/finish-scan.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';

/** "Not you?": the phone is nobody's now; the scan goes on with the sign-in. */
export const POST = answering(async (request, { ctx }) => {
  requireOwnOrigin(request.headers);
  const form = await readForm(request);
  const { isSignedIn } = await forgetDevice(ctx, { deviceKey: readCookie(request.headers, 'sk_device') });
  const gone = isSignedIn ? (['sk_device', 'sk_login'] as const) : (['sk_device'] as const);
  return seeOther(
    finishPath(form.get('ticket') ?? ''),
    gone.map((cookie) => ['set-cookie', setCookie(cookie, '', 0)]),
  );
});

/** After Back, or from the history: the place to begin again. */
export const GET = answering(() => Promise.resolve(seeOther('/c')));
