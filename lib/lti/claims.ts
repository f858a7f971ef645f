import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { claimNames } from './claim-names.ts';
import { deepLinkingSettings } from './deep-linking.ts';
import type { DeepLinkingSettings } from './deep-linking.ts';

/** Platforms send null, numbers and empty text where a text belongs; all of these mean "not given". */
const looseText = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value === null || value === '' ? undefined : value),
  z.string().max(4_000).optional().catch(undefined),
);

/** Ids are text; a platform that numbers its rows may send the number. */
const identifier = z.union([z.string(), z.number()]).transform(String).pipe(z.string().min(1).max(255));

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
  [claimNames.deepLinkingSettings]: deepLinkingSettings.nullish(),
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
    custom: readCustom(claims[claimNames.custom] ?? {}),
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
      const isCanvas = claims[claimNames.toolPlatform]?.product_family_code === 'canvas';
      return {
        kind: 'resource-link',
        resourceLinkId: link.id,
        isCourseLink: !isCanvas || claims[claimNames.placement] === 'course_navigation',
      };
    }
    case 'LtiDeepLinkingRequest': {
      const settings = claims[claimNames.deepLinkingSettings];
      if (settings === null || settings === undefined) {
        throw new AppError('claim-missing', { claim: 'deepLinkingSettings' });
      }
      return {
        kind: 'deep-linking',
        settings: {
          returnUrl: settings.deep_link_return_url,
          acceptTypes: settings.accept_types,
          data: settings.data,
        },
      };
    }
    default:
      throw new AppError('message-unsupported');
  }
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
