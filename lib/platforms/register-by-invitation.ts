import { AppError } from '../base/errors.ts';
import type { OutsideAnswer, OutsideFetch } from '../base/outside-fetch.ts';
import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import {
  readPlatformConfiguration,
  readRegistrationAnswer,
  toolRegistration,
} from '../lti/dynamic-registration.ts';
import type { PlatformConfiguration } from '../lti/dynamic-registration.ts';
import { platformInput } from './input.ts';
import {
  claimInvite,
  insertPlatform,
  releaseInvite,
  selectOpenInvite,
  updateInvitePlatform,
  upsertApprovedDeployment,
} from './queries.ts';
import { decideRegistration } from './rules.ts';

/** What a platform's administrator brings to our registration address. */
export interface RegistrationRequest {
  /** The platform's `openid_configuration` address, used as it stands. */
  configurationUrl: string;
  /** The platform's own token for this registration, if it gave one. */
  registrationToken: string | undefined;
  /** The token of our one-time link, if they came by one. */
  invite: string | undefined;
}

export interface RegistrationTerms {
  /** Hosts whose platforms need no link. */
  openHosts: readonly string[];
  allowPrivateHosts: readonly string[];
  publicUrl: string;
  fetchOutside: OutsideFetch;
}

/**
 * Looks whether this platform may register here, and changes nothing.
 *
 * @returns the host that would be asked
 * @throws AppError `registration-incomplete`, `invite-invalid`
 */
export async function checkRegistration(
  ctx: Pick<Ctx, 'db' | 'now'>,
  request: RegistrationRequest,
  { openHosts }: Pick<RegistrationTerms, 'openHosts'>,
): Promise<{ host: string }> {
  const { host } = configurationAddress(request);
  if (openHosts.includes(host)) return { host };
  const { invite } = request;
  const open = invite !== undefined && (await selectOpenInvite(ctx.db, tokenHash(invite), ctx.now));
  if (!open) throw new AppError('invite-invalid');
  return { host };
}

export interface RegisteredPlatform {
  issuer: string;
  clientId: string;
  isCanvas: boolean;
}

/**
 * Registers the tool with a platform, and the platform with the tool (LTI Dynamic Registration 1.0). The link is
 * used up before anything is asked, so that it serves one platform however often it is followed; what fails
 * gives it back.
 *
 * @throws AppError `registration-incomplete`, `invite-invalid`, `registration-untrusted` (the configuration
 *   claims what it cannot know; the reason is in the facts), `registration-refused` (by the platform),
 *   `platform-known`, `platform-answer`, `platform-unreachable`, `address-refused`
 */
export async function registerByInvitation(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  request: RegistrationRequest,
  terms: RegistrationTerms,
): Promise<RegisteredPlatform> {
  const { host } = configurationAddress(request);
  if (terms.openHosts.includes(host)) return register(ctx, request, terms, undefined);
  const { invite } = request;
  const claimed = invite === undefined ? undefined : await claimInvite(ctx.db, tokenHash(invite), ctx.now);
  if (claimed === undefined) throw new AppError('invite-invalid');
  try {
    return await register(ctx, request, terms, claimed.id);
  } catch (error) {
    await releaseInvite(ctx.db, claimed.id);
    throw error;
  }
}

async function register(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  request: RegistrationRequest,
  terms: RegistrationTerms,
  inviteId: string | undefined,
): Promise<RegisteredPlatform> {
  const { configurationUrl, registrationToken } = request;
  const { fetchOutside, publicUrl, allowPrivateHosts } = terms;
  const authorization: Record<string, string> =
    registrationToken === undefined ? {} : { authorization: `Bearer ${registrationToken}` };

  const described = await fetchOutside(configurationUrl, {
    headers: { accept: 'application/json', ...authorization },
  });
  if (described.status !== 200) throw refusedBy(described, 'configuration');
  const platform = readPlatformConfiguration(described.body);
  const decision = decideRegistration(platform, { configurationUrl, allowPrivateHosts });
  if (!decision.ok) throw new AppError('registration-untrusted', { reason: decision.reason });

  const answer = await fetchOutside(platform.registrationUrl, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(toolRegistration(platform, publicUrl)),
  });
  if (answer.status !== 200 && answer.status !== 201) throw refusedBy(answer, 'registration');
  const { clientId, deploymentId } = readRegistrationAnswer(answer.body);
  const { issuer } = platform;
  const stored = platformInput.omit({ deploymentIds: true }).parse({
    issuer,
    clientId,
    name: nameOf(platform),
    ...decision.addresses,
  });
  await transaction(ctx, async (tx) => {
    const platformId = await insertPlatform(tx.db, stored);
    if (platformId === undefined) throw new AppError('platform-known');
    if (deploymentId !== undefined) {
      await upsertApprovedDeployment(tx.db, { platformId, deploymentId, approvedAt: tx.now });
    }
    if (inviteId !== undefined) await updateInvitePlatform(tx.db, inviteId, platformId);
  });
  ctx.log.info({ issuer, clientId }, 'a platform has registered');
  return { issuer, clientId, isCanvas: platform.isCanvas };
}

function configurationAddress({ configurationUrl }: RegistrationRequest): URL {
  const url = URL.parse(configurationUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new AppError('registration-incomplete');
  return url;
}

function nameOf({ name, issuer }: PlatformConfiguration): string {
  const host = new URL(issuer).host;
  return name === undefined ? host : `${name.slice(0, 100)} (${host})`.slice(0, 200);
}

function refusedBy({ status }: OutsideAnswer, at: string): AppError {
  return new AppError('registration-refused', { status, at });
}
