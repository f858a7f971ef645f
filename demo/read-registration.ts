import { z } from 'zod';
import { allScopes } from './scopes.ts';
import type { DeveloperKey, Placement } from './state.ts';

export const toolConfigurationKey = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const canvas = <const Name extends string>(name: Name) =>
  `https://canvas.instructure.com/lti/${name}` as const;

/** The placements that the demo has, and which message each of them sends. */
export const placementsByMessage = {
  LtiResourceLinkRequest: ['course_navigation'],
  LtiDeepLinkingRequest: ['link_selection'],
} as const satisfies Record<string, readonly Placement['name'][]>;

const localHosts = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/;

/** An address of a tool: https, or on this computer plain http. */
export function isToolUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url?.username !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && localHosts.test(url.hostname));
}

const toolUrl = z.string().refine(isToolUrl, 'Must be an https URI (http on localhost only)');
const pageUrl = z.union([z.literal(''), toolUrl]).nullish();
const customParameters = z.record(z.string(), z.string());

/** LTI and Canvas have names of their own for one and the same place. */
const placementName = z
  .enum([
    'course_navigation',
    canvas('course_navigation'),
    'link_selection',
    canvas('link_selection'),
    'ContentArea',
  ])
  .transform((name): Placement['name'] =>
    name.endsWith('course_navigation') ? 'course_navigation' : 'link_selection',
  );

const message = z.object({
  type: z.enum(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest']),
  target_link_uri: toolUrl.nullish(),
  label: z.string().nullish(),
  icon_uri: toolUrl.nullish(),
  custom_parameters: customParameters.optional(),
  roles: z.array(z.string()).optional(),
  placements: z.array(placementName).optional(),
  [canvas('course_navigation/default_enabled')]: z.boolean().optional(),
  [canvas('visibility')]: z.enum(['admins', 'members', 'public']).nullish(),
});
type Message = z.output<typeof message>;

const domain = z
  .string()
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?(:\d{1,5})?$/i);

const configuration = z.object({
  domain,
  target_link_uri: toolUrl,
  claims: z.array(z.string()),
  messages: z.array(message),
  custom_parameters: customParameters.optional(),
  [canvas('privacy_level')]: z.enum(['public', 'name_only', 'email_only', 'anonymous']).nullish(),
});

const includes = (...needed: string[]) =>
  z.array(z.string()).refine((given) => needed.every((one) => given.includes(one)), {
    error: `Must include ${needed.join(', ')}`,
  });

const registration = z.object({
  application_type: z.literal('web', { error: "Must be 'web'" }),
  grant_types: includes('client_credentials', 'implicit'),
  response_types: includes('id_token'),
  client_name: z.string().trim().min(1).max(255),
  initiate_login_uri: toolUrl,
  redirect_uris: z.array(toolUrl).min(1),
  jwks_uri: toolUrl,
  token_endpoint_auth_method: z.literal('private_key_jwt', { error: "Must be 'private_key_jwt'" }),
  scope: z
    .string()
    .transform((text) => text.split(/\s+/).filter((one) => one !== ''))
    .refine((scopes) => scopes.every((one) => allScopes.includes(one)), {
      error: ({ input }) =>
        `Invalid scopes: ${(input as string[]).filter((one) => !allScopes.includes(one)).join(', ')}`,
    }),
  client_uri: pageUrl,
  logo_uri: pageUrl,
  tos_uri: pageUrl,
  policy_uri: pageUrl,
  [toolConfigurationKey]: configuration.refine((given) => isWithin(given.target_link_uri, given.domain), {
    error: 'Must be an address of the domain',
    path: ['target_link_uri'],
  }),
});

function isWithin(address: string, name: string): boolean {
  const { host, hostname } = new URL(address);
  const own = name.toLowerCase();
  return host === own || hostname === own || hostname.endsWith(`.${own}`);
}

export interface RegistrationError {
  field: string;
  message: string;
}

/** What becomes of a tool's registration (LTI Dynamic Registration 1.0 § 3.2), by Canvas' rules. */
export function readRegistration(body: unknown): Omit<DeveloperKey, 'clientId'> | RegistrationError[] {
  const parsed = registration.safeParse(body);
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  }
  const given = parsed.data;
  const config = given[toolConfigurationKey];
  return {
    name: given.client_name,
    loginUrl: given.initiate_login_uri,
    redirectUris: given.redirect_uris,
    jwksUrl: given.jwks_uri,
    targetLinkUri: config.target_link_uri,
    scopes: given.scope,
    custom: config.custom_parameters ?? {},
    privacy: config[canvas('privacy_level')] ?? computePrivacy(config.claims),
    placements: computePlacements(config.messages, config.target_link_uri),
  };
}

/** Where a tool does not say what it wants to know of people, Canvas reads it from the claims it asks for. */
function computePrivacy(claims: readonly string[]): NonNullable<DeveloperKey['privacy']> {
  const lis = 'https://purl.imsglobal.org/spec/lti/claim/lis';
  const name = ['name', 'given_name', 'family_name', lis].some((one) => claims.includes(one));
  const email = claims.includes('email');
  if (claims.includes('picture') || (name && email)) return 'public';
  return name ? 'name_only' : email ? 'email_only' : 'anonymous';
}

/** The first message that asks for a placement has it. A message without one means the selection of links. */
function computePlacements(messages: readonly Message[], targetLinkUri: string): Placement[] {
  const all = messages.flatMap((one) =>
    (one.placements ?? (['link_selection'] as const))
      .filter((name) => (placementsByMessage[one.type] as readonly string[]).includes(name))
      .map((name) => ({
        name,
        label: one.label ?? null,
        targetLinkUri: one.target_link_uri ?? targetLinkUri,
        custom: one.custom_parameters ?? {},
        visibility: one[canvas('visibility')] ?? ('public' as const),
        shownAtFirst:
          one[canvas('course_navigation/default_enabled')] !== false || name !== 'course_navigation',
      })),
  );
  return all.filter((one, index) => all.findIndex((other) => other.name === one.name) === index);
}
