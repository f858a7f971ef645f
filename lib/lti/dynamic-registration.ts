import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { webAddress } from '../base/web-address.ts';
import { identifier } from './identifier.ts';
import { namesAndRolesScope } from './names-and-roles.ts';
import { parseJson } from './parse-json.ts';

const gradeScopes = ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map(
  (name) => `https://purl.imsglobal.org/spec/lti-ags/scope/${name}`,
);
/** Every service that the tool may ever ask a platform for. */
const allScopes = [namesAndRolesScope, ...gradeScopes];

const allClaims = ['sub', 'iss', 'name', 'given_name', 'family_name', 'email', 'locale'];

/** What the tool wants to know with each launch, and of each member where the platform can tell. */
const customParameters = {
  canvas_user_id: '$Canvas.user.id',
  canvas_course_id: '$Canvas.course.id',
  course_state: '$Canvas.course.workflowState',
  api_domain: '$Canvas.api.domain',
  term_end: '$Canvas.term.endAt',
  section_ids: '$Canvas.course.sectionIds',
  section_names: '$com.instructure.User.sectionNames',
  sis_user_id: '$Canvas.user.sisSourceId',
  tz: '$Person.address.timezone',
  /** With every launch, from modules too, where Canvas sends no field of a placement. */
  masquerader: '$Canvas.masqueradingUser.id',
};

const name = { en: 'Attendance', de: 'Anwesenheit' };
const toolConfigurationKey = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const accountNameKey = 'https://canvas.instructure.com/lti/account_name';
const canvasKey = (key: string) => `https://canvas.instructure.com/lti/${key}`;

const platformConfiguration = z.object({
  issuer: webAddress,
  authorization_endpoint: webAddress,
  registration_endpoint: webAddress,
  jwks_uri: webAddress,
  token_endpoint: webAddress,
  authorization_server: z.string().max(2_000).nullish(),
  scopes_supported: z.array(z.string()).max(200).nullish(),
  claims_supported: z.array(z.string()).max(200).nullish(),
  'https://purl.imsglobal.org/spec/lti-platform-configuration': z
    .object({
      product_family_code: z.string().max(100).nullish(),
      messages_supported: z
        .array(z.object({ type: z.string(), placements: z.array(z.string()).nullish() }))
        .max(50)
        .nullish(),
      variables: z.array(z.string()).max(2_000).nullish(),
      [accountNameKey]: z.string().max(200).nullish().catch(undefined),
    })
    .nullish(),
});

/** What a platform says of itself to a tool that registers (LTI Dynamic Registration 1.0 § 3.3). */
export interface PlatformConfiguration {
  issuer: string;
  authorizeUrl: string;
  registrationUrl: string;
  jwksUrl: string;
  tokenUrl: string;
  /** The audience that token requests should name, where the platform says so. */
  authorizationServer: string | undefined;
  isCanvas: boolean;
  /** A name for it: Canvas' account, else its kind. */
  name: string | undefined;
  /** Undefined: the platform does not say. */
  scopes: string[] | undefined;
  claims: string[] | undefined;
  variables: string[] | undefined;
  messages: { type: string; placements: string[] | undefined }[] | undefined;
}

/** @throws AppError `platform-answer` with the first field that is missing or no address */
export function readPlatformConfiguration(body: string): PlatformConfiguration {
  const parsed = platformConfiguration.safeParse(parseJson(body));
  if (!parsed.success) {
    const field = String(parsed.error.issues[0]?.path[0] ?? 'not JSON');
    throw new AppError('platform-answer', { at: 'configuration', field });
  }
  const given = parsed.data;
  const platform = given['https://purl.imsglobal.org/spec/lti-platform-configuration'];
  const family = platform?.product_family_code ?? undefined;
  return {
    issuer: given.issuer,
    authorizeUrl: given.authorization_endpoint,
    registrationUrl: given.registration_endpoint,
    jwksUrl: given.jwks_uri,
    tokenUrl: given.token_endpoint,
    authorizationServer: given.authorization_server ?? undefined,
    isCanvas: family === 'canvas',
    name: platform?.[accountNameKey] ?? family,
    scopes: given.scopes_supported ?? undefined,
    claims: given.claims_supported ?? undefined,
    variables: platform?.variables ?? undefined,
    messages: platform?.messages_supported?.map(({ type, placements }) => ({
      type,
      placements: placements ?? undefined,
    })),
  };
}

interface ToolMessage {
  type: 'LtiResourceLinkRequest' | 'LtiDeepLinkingRequest';
  placement: string;
}
const messages: readonly ToolMessage[] = [
  { type: 'LtiResourceLinkRequest', placement: 'course_navigation' },
  { type: 'LtiDeepLinkingRequest', placement: 'link_selection' },
];

/**
 * What the tool asks to be registered as (LTI Dynamic Registration 1.0 § 3.5): no more than the platform has,
 * because some refuse what they do not know. Canvas' own keys go to Canvas alone.
 *
 * @param publicUrl the tool's origin
 */
export function toolRegistration(
  platform: PlatformConfiguration,
  publicUrl: string,
): Record<string, unknown> {
  const launchUrl = `${publicUrl}/lti/launch`;
  const { isCanvas } = platform;
  return {
    application_type: 'web',
    grant_types: ['client_credentials', 'implicit'],
    response_types: ['id_token'],
    client_name: name.en,
    'client_name#de': name.de,
    client_uri: publicUrl,
    logo_uri: `${publicUrl}/icon.svg`,
    initiate_login_uri: `${publicUrl}/lti/login`,
    redirect_uris: [launchUrl],
    jwks_uri: `${publicUrl}/lti/jwks`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: known(allScopes, platform.scopes).join(' '),
    [toolConfigurationKey]: {
      domain: new URL(publicUrl).host,
      description: name.en,
      target_link_uri: launchUrl,
      claims: known(allClaims, platform.claims),
      custom_parameters: parametersOf(platform),
      ...(isCanvas && { [canvasKey('privacy_level')]: 'public', [canvasKey('tool_id')]: 'sk-attendance' }),
      messages: messages
        .filter(({ type }) => platform.messages?.some((message) => message.type === type) ?? true)
        .map((message) => registeredMessage(message, platform, launchUrl)),
    },
  };
}

function registeredMessage(
  { type, placement }: ToolMessage,
  platform: PlatformConfiguration,
  launchUrl: string,
): Record<string, unknown> {
  const offered = platform.messages?.find((message) => message.type === type)?.placements;
  return {
    type,
    label: name.en,
    'label#de': name.de,
    target_link_uri: launchUrl,
    ...((platform.isCanvas || offered?.includes(placement) === true) && { placements: [placement] }),
    ...(platform.isCanvas &&
      type === 'LtiResourceLinkRequest' && {
        [canvasKey('course_navigation/default_enabled')]: true,
        [canvasKey('visibility')]: 'members',
      }),
  };
}

/** Ours, as far as the platform knows them; all, where it does not say what it knows. */
function known(ours: readonly string[], theirs: readonly string[] | undefined): string[] {
  return ours.filter((one) => theirs?.includes(one) ?? true);
}

/** Variables that a platform does not know would come back as their own names. Canvas knows all of ours. */
function parametersOf({ isCanvas, variables }: PlatformConfiguration): Record<string, string> {
  if (isCanvas) return customParameters;
  const isKnown = (variable: string) =>
    variables?.some((one) => one.replace(/^\$/, '') === variable.slice(1)) ?? false;
  return Object.fromEntries(Object.entries(customParameters).filter(([, variable]) => isKnown(variable)));
}

const registrationAnswer = z.object({
  client_id: identifier,
  [toolConfigurationKey]: z.object({ deployment_id: identifier.nullish() }).nullish().catch(undefined),
});

/**
 * The platform's answer (LTI Dynamic Registration 1.0 § 3.6). Canvas gives no deployment id: it makes one when
 * the administrator installs the tool.
 *
 * @throws AppError `platform-answer`
 */
export function readRegistrationAnswer(body: string): { clientId: string; deploymentId: string | undefined } {
  const parsed = registrationAnswer.safeParse(parseJson(body));
  if (!parsed.success) throw new AppError('platform-answer', { at: 'registration' });
  return {
    clientId: parsed.data.client_id,
    deploymentId: parsed.data[toolConfigurationKey]?.deployment_id ?? undefined,
  };
}

/** The configuration for Canvas' "Enter URL" method (Canvas' own format, its doc/api/lti_dev_key_config). */
export function canvasConfiguration(publicUrl: string): Record<string, unknown> {
  const launchUrl = `${publicUrl}/lti/launch`;
  const iconUrl = `${publicUrl}/icon.svg`;
  return {
    title: name.en,
    description: name.en,
    oidc_initiation_url: `${publicUrl}/lti/login`,
    target_link_uri: launchUrl,
    redirect_uris: [launchUrl],
    public_jwk_url: `${publicUrl}/lti/jwks`,
    scopes: allScopes,
    custom_fields: customParameters,
    extensions: [
      {
        platform: 'canvas.instructure.com',
        domain: new URL(publicUrl).host,
        tool_id: 'sk-attendance',
        privacy_level: 'public',
        settings: {
          text: name.en,
          labels: name,
          icon_url: iconUrl,
          placements: [
            {
              placement: 'course_navigation',
              message_type: 'LtiResourceLinkRequest',
              enabled: true,
              text: name.en,
              labels: name,
              target_link_uri: launchUrl,
              default: 'enabled',
              visibility: 'members',
            },
            {
              placement: 'link_selection',
              message_type: 'LtiDeepLinkingRequest',
              enabled: true,
              text: name.en,
              labels: name,
              icon_url: iconUrl,
              target_link_uri: launchUrl,
            },
          ],
        },
      },
    ],
  };
}
