import { Hono } from 'hono';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { visitorLoginHint } from './identity.ts';
import { signIdToken } from './launch-changes.ts';
import { autoSubmitForm, documentPage, renderProblem } from './layout.ts';
import type { Platform } from './platform.ts';
import type { PageEnv } from './viewer.ts';

/** How long a tool may keep the platform's public keys. */
const keySetMaxAgeSeconds = 300;

const requiredFields = [
  'client_id',
  'login_hint',
  'lti_message_hint',
  'nonce',
  'prompt',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
] as const;

type AuthorizeError =
  'invalid_request_object' | 'login_required' | 'unauthorized_client' | 'launch_no_longer_valid';

/**
 * Canvas' comparison with what a key has registered: a query may be added behind the address; where the
 * registered address has one itself, its parameters must be there.
 */
function isRegistered(redirectUri: string, registered: readonly string[]): boolean {
  const [place, query = ''] = redirectUri.split('?');
  const given = new URLSearchParams(query);
  return registered.some((one) => {
    const [ownPlace, ownQuery = ''] = one.split('?');
    const needed = [...new URLSearchParams(ownQuery)];
    return place === ownPlace && needed.every(([name, value]) => given.getAll(name).includes(value));
  });
}

/** The authorisation endpoint (LTI Security Framework § 5.1.1.3) and the platform's public keys. */
export function authorizeRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  routes.on(['GET', 'POST'], '/api/lti/authorize_redirect', async (c) => {
    const fields =
      c.req.method === 'POST' ? new URLSearchParams(await c.req.text()) : new URL(c.req.url).searchParams;
    return answerAuthorize(c, platform, Object.fromEntries(fields));
  });

  routes.get('/api/lti/security/jwks', (c) => {
    c.header('Cache-Control', `max-age=${String(keySetMaxAgeSeconds)}, private`);
    return c.json({ keys: platform.keys.published() });
  });
  return routes;
}

async function answerAuthorize(
  c: Context<PageEnv>,
  platform: Platform,
  fields: Record<string, string>,
): Promise<Response> {
  const t = c.get('t');
  c.header('Cache-Control', 'no-store');
  const stop = async (sentence: string): Promise<Response> =>
    c.html(await renderProblem(c, t.errorTitle, sentence), 400);

  // Nothing may be posted to an address that the key does not list: these two end on our own page.
  const client = fields.client_id ?? '';
  const key = platform.tools.key(client);
  if (key === undefined) return stop(t.badClient);
  const redirectUri = fields.redirect_uri ?? '';
  if (!isRegistered(redirectUri, key.redirectUris)) return stop(t.badRedirect);

  const refuse = async (error: AuthorizeError, description: string): Promise<Response> =>
    c.html(await formPost(c, redirectUri, { error, error_description: description, ...stateOf(fields) }));

  const missing = requiredFields.filter((name) => (fields[name] ?? '') === '');
  if (missing.length > 0) {
    return refuse('invalid_request_object', `The following parameters are missing: ${missing.join(',')}`);
  }
  if (fields.scope !== 'openid') {
    return refuse('invalid_request_object', "The 'scope' must be 'openid'");
  }
  const hint = await platform.launches.read(fields.lti_message_hint ?? '');
  if (hint === undefined) return stop(t.badHint);
  // Who is not signed in can only have begun as a visitor.
  if ((c.get('viewer')?.person.legacyId ?? visitorLoginHint) !== fields.login_hint) {
    return refuse('login_required', 'Must have an active user session');
  }
  if (!platform.tools.isActive(client)) {
    return refuse('unauthorized_client', 'Client not authorized in requested context');
  }
  const waiting = platform.launches.peek(hint.id);
  if (
    waiting !== undefined &&
    (waiting.tool.clientId !== client || waiting.loginHint !== fields.login_hint)
  ) {
    return refuse('unauthorized_client', 'The launch was not made for this client or person');
  }
  const launch = hint.expired ? undefined : platform.launches.take(hint.id);
  if (launch === undefined) {
    return refuse('launch_no_longer_valid', 'The launch has either expired or already been consumed');
  }

  const change = platform.nextLaunches[0];
  if (change !== undefined) {
    change.times -= 1;
    if (change.times <= 0) platform.nextLaunches.shift();
  }
  const idToken = await signIdToken(platform.keys, launch.claims, fields.nonce ?? '', change);
  const state =
    change?.state === undefined ? stateOf(fields) : change.state === null ? {} : { state: change.state };
  return c.html(await formPost(c, redirectUri, { id_token: idToken, ...state }));
}

function stateOf(fields: Record<string, string>): { state?: string } {
  return fields.state === undefined ? {} : { state: fields.state };
}

function formPost(c: Context<PageEnv>, action: string, fields: Record<string, string>) {
  const t = c.get('t');
  return documentPage({
    lang: c.get('lang'),
    title: t.product,
    scripts: ['auto-submit.js'],
    bodyClass: 'bare',
    body: html`<main>
      <p class="waiting">${t.toolOpening}</p>
      ${autoSubmitForm(t, action, fields)}
    </main>`,
  });
}
