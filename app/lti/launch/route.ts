import { isStaff } from '#lib/access/rules.ts';
import { AppError } from '#lib/base/errors.ts';
import { env } from '#lib/base/env.ts';
import { loadLinkChoices } from '#lib/deep-linking/load-link-choices.ts';
import { sealLinkRequest } from '#lib/deep-linking/link-request.ts';
import { answering } from '#lib/http/answering.ts';
import { asAppError } from '#lib/http/as-app-error.ts';
import { countingRefusals } from '#lib/http/count-launches.ts';
import { readCookie, setCookie } from '#lib/http/cookies.ts';
import { frameAncestorsOf } from '#lib/http/frame-ancestors.ts';
import { knowBrowser } from '#lib/http/circumstances.ts';
import { finishScan } from '#lib/http/finish-scan.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { platformKeysOf } from '#lib/http/platform-keys.ts';
import { platformStorage } from '#lib/http/platform-storage.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';
import type { RequestContext } from '#lib/http/request-context.ts';
import { pickLanguage } from '#lib/i18n/languages.ts';
import { translatorFor } from '#lib/i18n/translator.ts';
import { acceptLaunch } from '#lib/launches/accept-launch.ts';
import type { LinkWanted, SignedIn } from '#lib/launches/accept-launch.ts';
import { targetAfterLaunch } from '#lib/launches/rules.ts';
import { stateName } from '#lib/launches/state.ts';
import { issueFramePass } from '#lib/logins/frame-pass.ts';
import { issueHandOver } from '#lib/logins/hand-over.ts';
import { loginHours, sealLogin } from '#lib/logins/login.ts';
import { unverifiedTarget } from '#lib/lti/claims.ts';
import { readLaunchResponse } from '#lib/lti/launch-response.ts';
import { requestRosterSync } from '#lib/rosters/request-roster-sync.ts';
import { countLaunch } from '#lib/watching/meters.ts';
import { findKeyPage } from '../_pages/browser-key-page.ts';
import { chooseLinkPage } from '../_pages/choose-link-page.ts';
import { openTabPage } from '../_pages/open-tab-page.ts';
import { scanGoesOn } from '../_pages/scan-goes-on.ts';

/** The one redirect address: where the platform posts the signed launch. */
export const POST = answering((request, voice) => countingRefusals(() => receiveLaunch(request, voice)));

async function receiveLaunch(request: Request, voice: RequestContext): Promise<Response> {
  const { ctx } = voice;
  const response = readLaunchResponse(await readForm(request));
  // Else somebody could send us a launch and a key of their own from elsewhere, in this browser.
  if (response.keptKey !== undefined) requireOwnOrigin(request.headers);
  const name = stateName(response.state);
  const cookieKey = readCookie(request.headers, `sk_${name}`);
  let launch;
  try {
    launch = await acceptLaunch(ctx, {
      response,
      browserKey: cookieKey ?? response.keptKey,
      keysOf: platformKeysOf,
      publicUrl: env().PUBLIC_URL,
      defaultTimeZone: env().TZ ?? 'UTC',
      approveDeployments: env().APPROVE_DEPLOYMENTS,
    });
  } catch (error) {
    const goesOn = scanGoesOn(
      error,
      { target: unverifiedTarget(response.idToken), headers: request.headers },
      voice,
    );
    if (goesOn === undefined) throw error;
    countLaunch(asAppError(error).code);
    return goesOn;
  }
  countLaunch(launch.kind);
  switch (launch.kind) {
    case 'key-wanted':
      return findKeyPage(
        {
          keyName: `lti_${name}`,
          storage: await platformStorage(ctx, launch.platform, launch.keeper.storageTarget),
          fields: { id_token: response.idToken, state: response.state },
        },
        voice,
      );
    case 'link-wanted':
      return answerLinkWanted(request, launch, voiceOf(launch, voice));
    case 'signed-in':
      return answerSignedIn(request, launch, {
        voice: voiceOf(launch, voice),
        cookieStays: cookieKey !== undefined,
        spent: setCookie(`sk_${name}`, '', 0),
      });
  }
}

/** From here on the person is known, and the language that the platform speaks with them. */
function voiceOf(launch: SignedIn | LinkWanted, voice: RequestContext): RequestContext {
  const language = pickLanguage(launch.locale) ?? voice.language;
  const ctx = { ...voice.ctx, viewer: { personId: launch.personId } };
  return { ...voice, ctx, language, t: translatorFor(language) };
}

async function answerSignedIn(
  request: Request,
  launch: SignedIn,
  { voice, cookieStays, spent }: { voice: RequestContext; cookieStays: boolean; spent: string },
): Promise<Response> {
  const { ctx, language } = voice;
  const { personId, course, role } = launch;
  await requestRosterSync(ctx, launch);
  const login = await sealLogin(ctx.secrets, { personId, language }, ctx.now);
  const browser = knowBrowser(request.headers);
  const headers: [string, string][] = [
    ['set-cookie', setCookie('sk_login', login, loginHours * 3600)],
    ['set-cookie', spent],
    ...browser.cookies,
  ];
  const target = targetAfterLaunch(launch.targetPath, { courseId: course.id, runsCourse: isStaff(role) });
  const path =
    target.kind === 'page' ? target.path : await finishScan(request, ctx, { ticket: target.ticket, browser });
  if (cookieStays) return seeOther(path, headers);
  const framedBy = await frameAncestorsOf(request.headers, { courseId: course.id });
  const ticket = issueHandOver(ctx, language);
  return openTabPage({ to: path, ticket, pass: issueFramePass(ctx, personId), headers, framedBy }, voice);
}

/** No cookie is needed for what follows: the page carries all of it, sealed. */
async function answerLinkWanted(
  request: Request,
  launch: LinkWanted,
  voice: RequestContext,
): Promise<Response> {
  const { ctx } = voice;
  const choices = await loadLinkChoices(ctx, launch.course.id);
  const framedBy = await frameAncestorsOf(request.headers, { courseId: launch.course.id });
  return chooseLinkPage({ request: sealLinkRequest(ctx, launch, voice.language), choices, framedBy }, voice);
}

/** A launch is a POST; whoever comes by the address bar or Back hears what to do instead. */
export const GET = answering(() => Promise.reject(new AppError('launch-incomplete')));
