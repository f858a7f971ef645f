import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { decodeJwt, decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import { z } from 'zod';
import { downloadKey } from './download-key.ts';
import type { Platform } from './platform.ts';
import type { DeveloperKey } from './state.ts';

const tokenLifeSeconds = 3600;
/** Canvas' limits for the assertion's `iat`. */
const oldestAssertionSeconds = 300;
const newestAssertionSeconds = 30;

export interface AccessToken {
  clientId: string;
  scopes: ReadonlySet<string>;
  until: number;
}

/** The tokens that were given. They do not outlive the process: tools ask again on 401. */
export class AccessTokens {
  readonly #tokens = new Map<string, AccessToken>();

  issue(client: string, scopes: ReadonlySet<string>, now: number): string {
    for (const [text, token] of this.#tokens) if (token.until <= now) this.#tokens.delete(text);
    const text = randomBytes(32).toString('base64url');
    this.#tokens.set(text, { clientId: client, scopes, until: now + tokenLifeSeconds });
    return text;
  }

  find(text: string, now: number): AccessToken | undefined {
    const token = this.#tokens.get(text);
    return token !== undefined && token.until > now ? token : undefined;
  }

  revokeAll(): void {
    this.#tokens.clear();
  }
}

const requestShape = z.object({
  grant_type: z.literal('client_credentials'),
  client_assertion_type: z.literal('urn:ietf:params:oauth:client-assertion-type:jwt-bearer'),
  client_assertion: z.string().min(1),
  scope: z.string().min(1),
});

const assertionShape = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1),
});

type Refusal = { error: string; description: string; status: 400 | 401 };

/** The token endpoint: client credentials against a signed assertion (RFC 7523, IMS Security § 4.1). */
export function tokenRoutes(platform: Platform): Hono {
  const routes = new Hono();
  routes.post('/login/oauth2/token', async (c) => {
    c.header('Cache-Control', 'no-store');
    c.header('Pragma', 'no-cache');
    if (!(c.req.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded')) {
      return refuse(c, invalid('the request must be application/x-www-form-urlencoded'));
    }
    const form = Object.fromEntries(new URLSearchParams(await c.req.text()));
    if (form.grant_type !== 'client_credentials') {
      const description =
        'authorization_code, refresh_token and client_credentials are the only supported grant types';
      return refuse(c, { error: 'unsupported_grant_type', description, status: 400 });
    }
    const request = requestShape.safeParse(form);
    if (!request.success) {
      return refuse(c, invalid(`missing or wrong: ${String(request.error.issues[0]?.path[0])}`));
    }
    const checked = await checkAssertion(platform, request.data.client_assertion);
    if ('error' in checked) return refuse(c, checked);
    const scopes = new Set(request.data.scope.split(' ').filter((scope) => scope !== ''));
    if (scopes.size === 0 || [...scopes].some((scope) => !checked.key.scopes.includes(scope))) {
      const description =
        'A requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner.';
      return refuse(c, { error: 'invalid_scope', description, status: 400 });
    }
    const now = Math.floor(platform.now().getTime() / 1000);
    return c.json({
      access_token: platform.tokens.issue(checked.key.clientId, scopes, now),
      token_type: 'Bearer',
      expires_in: tokenLifeSeconds,
      scope: [...scopes].join(' '),
    });
  });
  return routes;
}

function refuse(c: Context, refusal: Refusal): Response {
  return c.json({ error: refusal.error, error_description: refusal.description }, refusal.status);
}

function invalid(description: string): Refusal {
  return { error: 'invalid_request', description, status: 400 };
}

async function checkAssertion(
  platform: Platform,
  assertion: string,
): Promise<{ key: DeveloperKey } | Refusal> {
  let kid: string | undefined;
  let claims: z.output<typeof assertionShape>;
  try {
    const header = decodeProtectedHeader(assertion);
    if (header.alg !== 'RS256') return invalid('the assertion must be signed with RS256');
    kid = header.kid;
    const parsed = assertionShape.safeParse(decodeJwt(assertion));
    if (!parsed.success) {
      return invalid(`the assertion lacks or misuses: ${String(parsed.error.issues[0]?.path[0])}`);
    }
    claims = parsed.data;
  } catch {
    return invalid('the assertion is not a JWT');
  }
  if (kid === undefined) return invalid('the assertion has no kid');
  if (claims.iss !== claims.sub) return invalid("the 'iss' and 'sub' must both be the client id");
  const key = platform.tools.key(claims.sub);
  if (key === undefined || !platform.tools.isActive(key.clientId)) {
    return { error: 'invalid_client', description: 'unknown client', status: 401 };
  }

  const found = await downloadKey(key.jwksUrl, kid);
  if (typeof found === 'string') return invalid(found);
  try {
    await jwtVerify(assertion, await importJWK(found, 'RS256'), {
      algorithms: ['RS256'],
      audience: platform.identity.tokenUrl,
      currentDate: platform.now(),
    });
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed) return invalid(`the '${error.claim}' is invalid`);
    if (error instanceof errors.JWTExpired) return invalid("the 'exp' is in the past");
    return invalid('JWS signature invalid.');
  }

  const now = Math.floor(platform.now().getTime() / 1000);
  if (claims.iat < now - oldestAssertionSeconds) return invalid("the 'iat' must be less than 5 minutes old");
  if (claims.iat > now + newestAssertionSeconds) return invalid("the 'iat' must not be in the future");
  // Only a verified assertion uses its jti up: nobody else can spend it.
  if (!platform.singleUse.take(`assertion ${claims.sub} ${claims.jti}`, claims.exp, now)) {
    return invalid("the 'jti' was used before");
  }
  return { key };
}
