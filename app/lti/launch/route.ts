import { AppError } from '#lib/base/errors.ts';
import { env } from '#lib/base/env.ts';
import { answering } from '#lib/http/answering.ts';
import { readCookie, setCookie } from '#lib/http/cookies.ts';
import { platformKeysOf } from '#lib/http/platform-keys.ts';
import { readForm } from '#lib/http/read-form.ts';
import { seeOther } from '#lib/http/redirect.ts';
import { finishScan } from '#lib/http/finish-scan.ts';
import { requestRosterSync } from '#lib/members/request-roster-sync.ts';
import { pickLanguage } from '#lib/i18n/languages.ts';
import { acceptLaunch } from '#lib/launches/accept-launch.ts';
import { targetAfterLaunch } from '#lib/launches/rules.ts';
import { stateCookieName } from '#lib/launches/state.ts';
import { loginHours, sealLogin } from '#lib/logins/login.ts';
import { readLaunchResponse } from '#lib/lti/launch-response.ts';

/** The one redirect address: where the platform posts the signed launch. */
export const POST = answering(async (request, { ctx, language }) => {
  const response = readLaunchResponse(await readForm(request));
  const stateCookie = stateCookieName(response.state);
  const launch = await acceptLaunch(ctx, {
    response,
    browserKey: readCookie(request.headers, stateCookie),
    keysOf: platformKeysOf,
    publicUrl: env().PUBLIC_URL,
    defaultTimeZone: env().TZ ?? 'UTC',
  });
  const signedIn = { ...ctx, viewer: { personId: launch.personId } };
  await requestRosterSync(signedIn, launch);

  const login = await sealLogin(
    ctx.secrets,
    { personId: launch.personId, language: pickLanguage(launch.locale) ?? language },
    ctx.now,
  );
  const target = targetAfterLaunch(launch.targetPath, launch.course.id);
  const path = target.kind === 'page' ? target.path : await finishScan(request, signedIn, target.ticket);
  return seeOther(path, [
    ['set-cookie', setCookie('sk_login', login, loginHours * 3600)],
    ['set-cookie', setCookie(stateCookie, '', 0)],
  ]);
});

/** A launch is a POST; whoever comes by the address bar or Back hears what to do instead. */
export const GET = answering(() => Promise.reject(new AppError('launch-incomplete')));
