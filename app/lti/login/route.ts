import { env } from '#lib/base/env.ts';
import { answering } from '#lib/http/answering.ts';
import { setCookie } from '#lib/http/cookies.ts';
import { readForm } from '#lib/http/read-form.ts';
import { redirectOutside } from '#lib/http/redirect.ts';
import { beginLogin } from '#lib/launches/begin-login.ts';
import { stateCookieName, stateMs } from '#lib/launches/state.ts';
import { readLoginRequest } from '#lib/lti/login-request.ts';

const login = answering(async (request, { ctx }) => {
  const fields = request.method === 'POST' ? await readForm(request) : new URL(request.url).searchParams;
  const begun = await beginLogin(ctx, readLoginRequest(fields), env().PUBLIC_URL);
  return redirectOutside(begun.redirectTo, [
    ['set-cookie', setCookie(stateCookieName(begun.sealedState), begun.browserKey, stateMs / 1000)],
  ]);
});

export { login as GET, login as POST };
