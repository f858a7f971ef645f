import { Hono } from 'hono';
import type { Context } from 'hono';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Person } from './people.ts';
import type { Platform } from './platform.ts';
import { placementsByMessage, readRegistration, toolConfigurationKey } from './read-registration.ts';
import { allScopes } from './scopes.ts';
import { variableNames } from './variables.ts';

const tokenLifeSeconds = 3600;

const secretOf = (platform: Platform): Uint8Array =>
  new TextEncoder().encode(`registration/${platform.file.state.secret}`);

const tokenShape = z.object({ uuid: z.string(), user_id: z.number() });

/** What a tool's registration page is opened with. */
export interface RegistrationInvitation {
  uuid: string;
  configurationUrl: string;
  token: string;
}

/** Lets one tool register itself within the hour. */
export async function inviteToRegister(platform: Platform, admin: Person): Promise<RegistrationInvitation> {
  const uuid = crypto.randomUUID();
  const now = Math.floor(platform.now().getTime() / 1000);
  const token = await new SignJWT({
    uuid,
    initiated_at: platform.now().toISOString(),
    user_id: admin.id,
    root_account_global_id: 10_000_000_000_001,
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime(now + tokenLifeSeconds)
    .sign(secretOf(platform));
  // Canvas' own address carries the token already: a tool has to fetch it unchanged, query and all.
  const configurationUrl = `${platform.identity.configurationUrl}?registration_token=${token}`;
  return { uuid, configurationUrl, token };
}

/** The uuid of a live token that is ours, in the header or in the query. */
async function readToken(c: Context, platform: Platform, query?: string): Promise<string | undefined> {
  const text = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? query;
  if (text === undefined) return undefined;
  try {
    const { payload } = await jwtVerify(text, secretOf(platform), {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      currentDate: platform.now(),
    });
    return tokenShape.parse(payload).uuid;
  } catch {
    return undefined;
  }
}

/** LTI Dynamic Registration 1.0, the platform's side as Canvas has it. */
export function registrationRoutes(platform: Platform): Hono {
  const routes = new Hono();
  const { identity } = platform;

  routes.get('/api/lti/security/openid-configuration', async (c) => {
    const uuid = await readToken(c, platform, c.req.query('registration_token'));
    if (uuid === undefined) return c.json({ error: 'Access token missing or invalid' }, 401);
    c.header('Cache-Control', 'no-store');
    return c.json({
      issuer: identity.issuer,
      authorization_endpoint: identity.authorizeUrl,
      registration_endpoint: identity.registrationUrl,
      jwks_uri: identity.jwksUrl,
      token_endpoint: identity.tokenUrl,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
      scopes_supported: allScopes,
      response_types_supported: ['id_token'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'picture', 'email', 'name', 'given_name', 'family_name', 'locale'],
      subject_types_supported: ['public'],
      authorization_server: new URL(identity.issuer).host,
      'https://purl.imsglobal.org/spec/lti-platform-configuration': {
        product_family_code: 'canvas',
        version: 'OpenSource',
        messages_supported: Object.entries(placementsByMessage).map(([type, placements]) => ({
          type,
          placements,
        })),
        variables: variableNames,
        'https://canvas.instructure.com/lti/account_name': 'Demo LMS',
        'https://canvas.instructure.com/lti/account_lti_guid': `${platform.file.state.guid}:canvas-lms`,
      },
    });
  });

  routes.post('/api/lti/registrations', async (c) => {
    const uuid = await readToken(c, platform);
    if (uuid === undefined)
      return c.json({ errorMessage: 'The registration token is missing or invalid' }, 401);
    const spent = { errorMessage: 'The registration token was used before' };
    if (platform.tools.registered().some((app) => app.registrationId === uuid)) return c.json(spent, 401);
    if (!(c.req.header('content-type') ?? '').startsWith('application/json')) {
      return c.json({ errorMessage: 'The registration must be application/json' }, 415);
    }
    const body = await c.req.json<unknown>().catch(() => undefined);
    const read = readRegistration(body);
    if (Array.isArray(read)) return c.json({ errors: read }, 422);
    const app = platform.tools.register(uuid, read);
    if (app === undefined) return c.json(spent, 401);
    c.header('Cache-Control', 'no-store');
    const given = z.record(z.string(), z.unknown()).parse(body);
    return c.json({
      client_id: app.key.clientId,
      ...Object.fromEntries(answered.map((name) => [name, given[name]])),
      scope: app.key.scopes.join(' '),
      [toolConfigurationKey]: given[toolConfigurationKey],
    });
  });
  return routes;
}

/** What the answer gives back as it came. There is no deployment yet, so there is none in it. */
const answered = [
  'application_type',
  'grant_types',
  'response_types',
  'initiate_login_uri',
  'redirect_uris',
  'client_name',
  'jwks_uri',
  'logo_uri',
  'token_endpoint_auth_method',
];
