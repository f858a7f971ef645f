import { AppError } from '../base/errors.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import type { Ctx } from '../context.ts';
import { namesAndRolesScope } from '../lti/names-and-roles.ts';
import { readPlatformKeys } from '../lti/platform-keys.ts';
import { readTokenAnswer, signTokenRequest } from '../lti/service-token.ts';
import { listDeployments } from '../platforms/list-deployments.ts';
import { loadToolSigner } from '../platforms/load-tool-keys.ts';
import { selectPlatforms } from '../platforms/queries.ts';
import type { Platform } from '../platforms/queries.ts';
import { failed, notChecked, ok, warning } from './rules.ts';
import type { CheckId, Finding } from './rules.ts';

type Reader = Pick<Ctx, 'db' | 'now' | 'secrets'>;

const nameOf = ({ issuer, clientId }: Pick<Platform, 'issuer' | 'clientId'>) =>
  `${issuer} (client ${clientId})`;

async function enabledPlatforms({ db }: Pick<Ctx, 'db'>): Promise<Platform[]> {
  return (await selectPlatforms(db)).filter(({ disabledAt }) => disabledAt === null);
}

/** Which platforms are registered, and which of their installations wait. */
export async function lookAtRegistrations(ctx: Pick<Ctx, 'db'>): Promise<Finding[]> {
  const platforms = await enabledPlatforms(ctx);
  if (platforms.length === 0) {
    return [
      warning(
        'platforms',
        'No learning platform is registered.',
        'Make a link for its administrator: npm run cli -- platforms invite (docs/install.md).',
      ),
    ];
  }
  const deployments = await listDeployments(ctx);
  const waiting = deployments.filter(({ approvedAt }) => approvedAt === null);
  const findings = platforms
    .filter((platform) => !deployments.some((one) => isOf(one, platform)))
    .map((platform) =>
      warning(
        'platforms',
        `Nothing was ever opened from ${nameOf(platform)}.`,
        'Install the app there, turn its key on, and open Attendance in a course.',
      ),
    );
  if (waiting.length > 0) {
    findings.push(
      warning(
        'platforms',
        `Installations that wait for approval: ${String(waiting.length)}.`,
        'Look at them: npm run cli -- deployments list --pending; then deployments approve ID, or refuse ID.',
      ),
    );
  }
  const approved = deployments.length - waiting.length;
  return findings.length > 0
    ? findings
    : [
        ok(
          'platforms',
          `Platforms: ${String(platforms.length)}; approved installations: ${String(approved)}.`,
        ),
      ];
}

function isOf(one: Pick<Platform, 'issuer' | 'clientId'>, platform: Platform): boolean {
  return one.issuer === platform.issuer && one.clientId === platform.clientId;
}

/** Whether each platform shows keys by which launches can be verified. */
export async function lookAtPlatformKeys(ctx: Reader, fetchOutside: OutsideFetch): Promise<Finding[]> {
  const addresses = [...new Set((await enabledPlatforms(ctx)).map(({ jwksUrl }) => jwksUrl))];
  if (addresses.length === 0) return [notChecked('platform-keys', 'No platform is registered.')];
  return Promise.all(
    addresses.map(async (url) => {
      try {
        const keys = await readPlatformKeys(url, fetchOutside);
        return keys.size > 0
          ? ok('platform-keys', `${url} shows ${keys.size === 1 ? 'a key' : `${String(keys.size)} keys`}.`)
          : failed(
              'platform-keys',
              `${url} shows no key that can be used.`,
              'Compare the address of the keys (JWKS) with the one that the platform names; platforms add brings it up to date.',
            );
      } catch (error) {
        return tellPlatformError('platform-keys', url, error);
      }
    }),
  );
}

/** Whether each platform gives the tool a token: it has to know our keys for that. */
export async function lookAtPlatformTokens(ctx: Reader, fetchOutside: OutsideFetch): Promise<Finding[]> {
  const platforms = await enabledPlatforms(ctx);
  if (platforms.length === 0) return [notChecked('platform-token', 'No platform is registered.')];
  const signer = await loadToolSigner(ctx);
  const scopes = [namesAndRolesScope];
  return Promise.all(
    platforms.map(async (platform) => {
      try {
        const request = await signTokenRequest(platform, scopes, signer, ctx.now);
        const answer = await fetchOutside(platform.tokenUrl, { ...request, timeoutMs: 8_000 });
        readTokenAnswer(answer, scopes, ctx.now);
        return ok('platform-token', `${nameOf(platform)} gives a token for its lists of members.`);
      } catch (error) {
        return tellRefusedToken(platform, error);
      }
    }),
  );
}

function tellRefusedToken(platform: Platform, error: unknown): Finding {
  const { error: refusal, scope, reason } = error instanceof AppError ? error.facts : {};
  // Canvas calls a signature that it cannot verify a wrong request.
  if (refusal === 'invalid_client' || refusal === 'invalid_request') {
    return failed(
      'platform-token',
      `${nameOf(platform)} does not know us (${refusal}): it could not verify our signature, or knows no such client.`,
      'It reads our keys from PUBLIC_URL/lti/jwks: that address must answer from the internet, show our keys (see "public-url"), and stand in the key there. Compare the client id, and see that the key is turned on; clocks must agree.',
    );
  }
  if (refusal === 'unauthorized_client') {
    return failed(
      'platform-token',
      `${nameOf(platform)} refuses us (unauthorized_client).`,
      "Turn the tool's key on there.",
    );
  }
  if (scope !== undefined) {
    return warning(
      'platform-token',
      `${nameOf(platform)} knows us, but does not let us read its lists of members.`,
      'Allow Names and Roles (contextmembership.readonly) for the tool there. Until then lists grow by launches alone.',
    );
  }
  if (refusal !== undefined || reason === 'unreadable') {
    return failed(
      'platform-token',
      `${platform.tokenUrl} gave no token (${String(refusal ?? reason)}).`,
      "Compare the token address and its audience with the platform's; platforms add brings them up to date.",
    );
  }
  return tellPlatformError('platform-token', platform.tokenUrl, error);
}

/** Why an address of a platform could not be used. */
export function tellPlatformError(check: CheckId, url: string, error: unknown): Finding {
  if (!(error instanceof AppError)) {
    return failed(
      check,
      `${url} answers with something else than was asked for.`,
      'Compare the address, letter by letter.',
    );
  }
  const { reason, status } = error.facts;
  const why = [reason, status].filter((one) => one !== undefined).join(', ');
  if (error.code === 'address-refused') {
    return failed(
      check,
      `${url} is not asked (${why}).`,
      'Addresses must be https and public. For an LMS of your own network set ALLOW_PRIVATE_HOSTS to its host:port.',
    );
  }
  if (error.code === 'platform-unreachable') {
    return failed(
      check,
      `${url} does not answer (${why}).`,
      'Is the platform up, and does a firewall let this machine out to it? For a certificate of your own set NODE_EXTRA_CA_CERTS.',
    );
  }
  return failed(
    check,
    `${url} answers wrongly (${why}).`,
    'Compare the address with the one that the platform names.',
  );
}
