import { env } from '#lib/base/env.ts';
import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { currentProcess } from '#lib/http/process.ts';
import { readForm } from '#lib/http/read-body.ts';
import { checkRegistration, registerByInvitation } from '#lib/platforms/register-by-invitation.ts';
import type { RegistrationRequest } from '#lib/platforms/register-by-invitation.ts';
import { askRegistrationPage, registeredPage } from '../../_pages/register-page.ts';

interface Route {
  params: Promise<{ invite?: string[] }>;
}

/**
 * Where a platform sends its administrator to register the tool (LTI Dynamic Registration 1.0 § 3.2), with the
 * token of our one-time link in the path. It only asks: whatever follows links by itself registers nothing.
 */
export const GET = answering<Route>(async (request, voice, { params }) => {
  const { searchParams, pathname } = new URL(request.url);
  const asked = registrationRequest(searchParams, await params);
  const { host } = await checkRegistration(voice.ctx, asked, { openHosts: env().REGISTRATION_OPEN_HOSTS });
  return askRegistrationPage({ action: pathname, host, asked }, voice);
});

/** The administrator has said yes. */
export const POST = answering<Route>(async (request, voice, { params }) => {
  requireOwnOrigin(request.headers);
  const asked = registrationRequest(await readForm(request), await params);
  const registered = await registerByInvitation(voice.ctx, asked, {
    openHosts: env().REGISTRATION_OPEN_HOSTS,
    allowPrivateHosts: env().ALLOW_PRIVATE_HOSTS,
    publicUrl: env().PUBLIC_URL,
    fetchOutside: currentProcess().fetchOutside,
  });
  return registeredPage(registered, voice);
});

function registrationRequest(
  fields: URLSearchParams,
  { invite }: { invite?: string[] },
): RegistrationRequest {
  return {
    configurationUrl: fields.get('openid_configuration') ?? '',
    registrationToken: fields.get('registration_token') ?? undefined,
    invite: invite?.[0],
  };
}
