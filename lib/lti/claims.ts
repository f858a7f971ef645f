import { z } from 'zod';
import { AppError } from '../base/errors.ts';

const claim = 'https://purl.imsglobal.org/spec/lti/claim';
export const claimNames = {
  messageType: `${claim}/message_type`,
  version: `${claim}/version`,
  deploymentId: `${claim}/deployment_id`,
  targetLinkUri: `${claim}/target_link_uri`,
  roles: `${claim}/roles`,
  context: `${claim}/context`,
  resourceLink: `${claim}/resource_link`,
  custom: `${claim}/custom`,
  launchPresentation: `${claim}/launch_presentation`,
  namesAndRoles: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
} as const;

/** Platforms send null, numbers and empty text where a text belongs; all of these mean "not given". */
const looseText = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value === null || value === '' ? undefined : value),
  z.string().max(4_000).optional().catch(undefined),
);

const payloadShape = z.object({
  iss: z.string().min(1),
  sub: z.string().min(1).max(255).optional(),
  nonce: z.string().min(1).max(512),
  name: looseText,
  given_name: looseText,
  family_name: looseText,
  email: looseText,
  locale: looseText,
  [claimNames.messageType]: z.string(),
  [claimNames.version]: z.string(),
  [claimNames.deploymentId]: z.string().min(1).max(255),
  [claimNames.targetLinkUri]: z.string().max(8_000),
  [claimNames.roles]: z.array(z.string().max(1_000)).max(200),
  [claimNames.context]: z
    .object({ id: z.string().min(1).max(255), label: looseText, title: looseText })
    .optional(),
  [claimNames.resourceLink]: z.object({ id: z.string().min(1).max(255), title: looseText }).optional(),
  [claimNames.custom]: z.record(z.string(), z.unknown()).nullish(),
  [claimNames.launchPresentation]: z.object({ locale: looseText, return_url: looseText }).nullish(),
  [claimNames.namesAndRoles]: z
    .object({ context_memberships_url: z.url().max(2_000) })
    .nullish()
    .catch(undefined),
});

/** What a verified resource link launch says, in our words. */
export interface LaunchClaims {
  issuer: string;
  sub: string;
  nonce: string;
  deploymentId: string;
  targetLinkUri: string;
  roles: string[];
  person: { name?: string; givenName?: string; familyName?: string; email?: string };
  locale?: string;
  context: { id: string; label?: string; title?: string };
  resourceLinkId: string;
  custom: Record<string, string>;
  namesAndRolesUrl?: string;
}

const nameOfPath: Record<string, string> = Object.fromEntries(
  Object.entries(claimNames).map(([name, url]) => [url, name]),
);

/**
 * Reads a verified id_token's payload (LTI 1.3 Core § 5.3, § 5.4).
 *
 * @throws AppError `version-unsupported`, `message-unsupported`, `claim-missing` (with the claim's name),
 *   `launch-anonymous` (no `sub`: a visitor of a public course), `launch-without-course`.
 */
export function readLaunchClaims(payload: unknown): LaunchClaims {
  const parsed = payloadShape.safeParse(payload);
  if (!parsed.success) {
    const path = String(parsed.error.issues[0]?.path[0] ?? '');
    throw new AppError('claim-missing', { claim: nameOfPath[path] ?? path });
  }
  const claims = parsed.data;
  if (claims[claimNames.version] !== '1.3.0') throw new AppError('version-unsupported');
  if (claims[claimNames.messageType] !== 'LtiResourceLinkRequest') throw new AppError('message-unsupported');
  const resourceLink = claims[claimNames.resourceLink];
  if (resourceLink === undefined) throw new AppError('claim-missing', { claim: 'resourceLink' });
  if (claims.sub === undefined) throw new AppError('launch-anonymous');
  const context = claims[claimNames.context];
  if (context === undefined) throw new AppError('launch-without-course');
  return {
    issuer: claims.iss,
    sub: claims.sub,
    nonce: claims.nonce,
    deploymentId: claims[claimNames.deploymentId],
    targetLinkUri: claims[claimNames.targetLinkUri],
    roles: claims[claimNames.roles],
    person: {
      name: claims.name,
      givenName: claims.given_name,
      familyName: claims.family_name,
      email: claims.email,
    },
    locale: claims[claimNames.launchPresentation]?.locale ?? claims.locale,
    context,
    resourceLinkId: resourceLink.id,
    custom: readCustom(claims[claimNames.custom] ?? {}),
    namesAndRolesUrl: claims[claimNames.namesAndRoles]?.context_memberships_url,
  };
}

/** Custom fields as text. A variable that the platform could not resolve comes back as `$…`: not given. */
export function readCustom(custom: Record<string, unknown>): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(custom)) {
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text !== '' && !text.includes('$')) read[name] = text;
  }
  return read;
}
