import { decodeJwt } from 'jose';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { storableText } from '../base/storable-text.ts';
import { claimNames } from './claim-names.ts';
import { deepLinkingSettings } from './deep-linking.ts';
import type { DeepLinkingSettings } from './deep-linking.ts';
import { identifier } from './identifier.ts';
import { looseText } from './loose-text.ts';

const payloadShape = z.object({
  iss: z.string().min(1),
  sub: identifier.nullish(),
  nonce: z.string().min(1).max(512),
  name: looseText,
  given_name: looseText,
  family_name: looseText,
  email: looseText,
  locale: looseText,
  [claimNames.messageType]: z.string(),
  [claimNames.version]: z.string(),
  [claimNames.deploymentId]: identifier,
  [claimNames.targetLinkUri]: z.string().max(8_000).nullish(),
  [claimNames.roles]: z.array(z.string().max(1_000)).max(200),
  [claimNames.context]: z.object({ id: identifier, label: looseText, title: looseText }).nullish(),
  [claimNames.resourceLink]: z.object({ id: identifier, title: looseText }).nullish(),
  [claimNames.deepLinkingSettings]: z.unknown().optional(),
  // An empty map is an empty list to some platforms; neither says anything.
  [claimNames.custom]: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  [claimNames.launchPresentation]: z.object({ locale: looseText }).nullish().catch(undefined),
  [claimNames.toolPlatform]: z.object({ product_family_code: looseText }).nullish().catch(undefined),
  [claimNames.namesAndRoles]: z
    .object({ context_memberships_url: z.url().max(2_000) })
    .nullish()
    .catch(undefined),
  [claimNames.placement]: looseText,
});

/** Where a launch was to lead, read off a token that nobody has verified: for a page that proves nothing by it. */
export function unverifiedTarget(idToken: string): string | undefined {
  try {
    const target = decodeJwt(idToken)[claimNames.targetLinkUri];
    return typeof target === 'string' ? target : undefined;
  } catch {
    return undefined;
  }
}

type Message =
  | {
      kind: 'resource-link';
      resourceLinkId: string;
      /** The link is the course's own entry, not one of several within it. */
      isCourseLink: boolean;
    }
  | { kind: 'deep-linking'; settings: DeepLinkingSettings };

/** What a verified launch says, in our words. */
export interface LaunchClaims {
  sub: string;
  nonce: string;
  deploymentId: string;
  /** Where the link leads; a deep linking request need not say. */
  targetLinkUri: string | undefined;
  roles: string[];
  person: { name?: string; givenName?: string; familyName?: string; email?: string };
  locale?: string;
  context: { id: string; label?: string; title?: string };
  message: Message;
  custom: Record<string, string>;
  namesAndRolesUrl?: string;
}

const nameOfPath: Record<string, string> = Object.fromEntries(
  Object.entries(claimNames).map(([name, url]) => [url, name]),
);

/**
 * Reads a verified id_token's payload (LTI 1.3 Core § 5.3, § 5.4; LTI Deep Linking 2.0 § 4.4).
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
  const message = readMessage(claims);
  const { sub } = claims;
  if (sub === null || sub === undefined) throw new AppError('launch-anonymous');
  const context = claims[claimNames.context];
  if (context === null || context === undefined) throw new AppError('launch-without-course');
  return {
    sub,
    nonce: claims.nonce,
    deploymentId: claims[claimNames.deploymentId],
    targetLinkUri: claims[claimNames.targetLinkUri] ?? undefined,
    roles: claims[claimNames.roles],
    person: {
      name: claims.name,
      givenName: claims.given_name,
      familyName: claims.family_name,
      email: claims.email,
    },
    locale: claims[claimNames.launchPresentation]?.locale ?? claims.locale,
    context,
    message,
    custom: readTrustedCustom(claims),
    namesAndRolesUrl: claims[claimNames.namesAndRoles]?.context_memberships_url,
  };
}

function readMessage(claims: z.output<typeof payloadShape>): Message {
  switch (claims[claimNames.messageType]) {
    case 'LtiResourceLinkRequest': {
      const link = claims[claimNames.resourceLink];
      if (link === null || link === undefined) throw new AppError('claim-missing', { claim: 'resourceLink' });
      if (typeof claims[claimNames.targetLinkUri] !== 'string') {
        throw new AppError('claim-missing', { claim: 'targetLinkUri' });
      }
      return {
        kind: 'resource-link',
        resourceLinkId: link.id,
        isCourseLink: !isCanvas(claims) || claims[claimNames.placement] === 'course_navigation',
      };
    }
    case 'LtiDeepLinkingRequest': {
      const settings = deepLinkingSettings.safeParse(claims[claimNames.deepLinkingSettings]).data;
      if (settings === undefined) throw new AppError('claim-missing', { claim: 'deepLinkingSettings' });
      return {
        kind: 'deep-linking',
        settings: {
          returnUrl: settings.deep_link_return_url,
          acceptTypes: settings.accept_types,
          data: settings.data ?? undefined,
        },
      };
    }
    default:
      throw new AppError('message-unsupported');
  }
}

function isCanvas(claims: z.output<typeof payloadShape>): boolean {
  return claims[claimNames.toolPlatform]?.product_family_code === 'canvas';
}

/**
 * The custom fields that may be believed. In Canvas they are the tool's own, filled by Canvas; elsewhere teachers
 * may write fields of any name for their own links (Moodle), so only the time zone is read, which a teacher may
 * say in any case.
 */
function readTrustedCustom(claims: z.output<typeof payloadShape>): Record<string, string> {
  const custom = readCustom(claims[claimNames.custom] ?? {});
  if (isCanvas(claims)) return custom;
  return custom.tz === undefined ? {} : { tz: custom.tz };
}

/** Custom fields as text. A variable that the platform could not resolve comes back as `$…`: not given. */
export function readCustom(custom: Record<string, unknown>): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(custom)) {
    const text =
      typeof value === 'number' ? String(value) : typeof value === 'string' ? storableText(value) : '';
    if (text !== '' && !text.includes('$')) read[name] = text;
  }
  return read;
}
