import { env } from '#lib/base/env.ts';
import { answering } from '#lib/http/answering.ts';
import { setCookie } from '#lib/http/cookies.ts';
import { platformStorage } from '#lib/http/platform-storage.ts';
import { readForm } from '#lib/http/read-body.ts';
import { redirectOutside } from '#lib/http/redirect.ts';
import { beginLogin } from '#lib/launches/begin-login.ts';
import { stateMs, stateName } from '#lib/launches/state.ts';
import { readLoginRequest } from '#lib/lti/login-request.ts';
import { keepKeyPage } from '../_pages/browser-key-page.ts';
import { scanGoesOn } from '../_pages/scan-goes-on.ts';

/**
 * The platform's login request. Where the browser shows us as a page of our own, a cookie stays and the way goes
 * straight on. In a frame, or after our own button has posted the request again from there, a page first finds
 * out what this browser keeps: nothing has been used up until then.
 */
const login = answering(async (request, voice) => {
  const { ctx } = voice;
  const fields = request.method === 'POST' ? await readForm(request) : new URL(request.url).searchParams;
  const loginRequest = readLoginRequest(fields);
  const isOwnPage = request.headers.get('sec-fetch-dest') === 'document';
  const isPostedAgain = request.headers.get('sec-fetch-site') === 'same-origin';
  const { PUBLIC_URL: publicUrl } = env();
  let begun;
  try {
    begun = await beginLogin(ctx, { request: loginRequest, publicUrl, isFramed: !isOwnPage });
  } catch (error) {
    const goesOn = scanGoesOn(
      error,
      { target: loginRequest.target_link_uri, headers: request.headers },
      voice,
    );
    if (goesOn === undefined) throw error;
    return goesOn;
  }
  const name = stateName(begun.sealedState);
  const headers: [string, string][] = [
    ['set-cookie', setCookie(`sk_${name}`, begun.browserKey, stateMs / 1000)],
  ];
  if (isOwnPage && !isPostedAgain) return redirectOutside(begun.redirectTo, headers);
  return keepKeyPage(
    {
      keyName: `lti_${name}`,
      browserKey: begun.browserKey,
      continueTo: begun.redirectTo,
      storage: await platformStorage(ctx, begun.platform, loginRequest.lti_storage_target),
      fields: loginRequest,
      headers,
    },
    voice,
  );
});

export { login as GET, login as POST };
