import { decodeJwt, decodeProtectedHeader, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { downloadKey } from './download-key.ts';
import { deepLinkingClaim } from './id-token.ts';
import type { Course, Person } from './people.ts';
import type { Platform } from './platform.ts';
import type { ModuleItem } from './state.ts';
import type { Tool } from './tools.ts';
import { isToolAddress } from './tools.ts';

const dataLifeSeconds = 3600;
/** Canvas' limits for the response's `iat`. */
const oldestResponseSeconds = 300;
const newestResponseSeconds = 30;

const secretOf = (platform: Platform): Uint8Array =>
  new TextEncoder().encode(`deep-link/${platform.file.state.secret}`);

const nowOf = (platform: Platform): number => Math.floor(platform.now().getTime() / 1000);

const dataShape = z.object({ courseId: z.number(), toolId: z.number(), personId: z.number() });

/** What Canvas offers a tool at `link_selection`. `data` says, unreadable to the tool, who was asking. */
export async function computeDeepLinkingSettings(
  platform: Platform,
  tool: Tool,
  course: Course,
  person: Person,
): Promise<Record<string, unknown>> {
  const now = nowOf(platform);
  const data = await new SignJWT({ courseId: course.id, toolId: tool.id, personId: person.id })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(now)
    .setExpirationTime(now + dataLifeSeconds)
    .sign(secretOf(platform));
  const place = `${platform.identity.issuer}/courses/${String(course.id)}/deep_linking_response`;
  return {
    deep_link_return_url: `${place}?modal=true&placement=link_selection`,
    accept_types: ['ltiResourceLink'],
    accept_presentation_document_targets: ['iframe', 'window'],
    accept_media_types: 'application/vnd.ims.lti.v1.ltilink',
    accept_multiple: true,
    auto_create: false,
    data,
  };
}

/** What can be wrong with a response; texts.ts says it to people. */
export type DeepLinkFault =
  | 'format'
  | 'algorithm'
  | 'kid'
  | 'client'
  | 'keys'
  | 'signature'
  | 'audience'
  | 'expired'
  | 'issued'
  | 'deployment'
  | 'message'
  | 'version'
  | 'data'
  | 'items'
  | 'nonce';

export interface RefusedResponse {
  fault: DeepLinkFault;
  /** For the person who builds the tool. */
  detail: string;
}

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;

const claimsShape = z.looseObject({
  iss: z.string(),
  iat: z.number(),
  exp: z.number(),
  nonce: z.string().min(1),
});

const itemShape = z.looseObject({
  type: z.literal('ltiResourceLink'),
  title: z.string().max(255).nullish(),
  text: z.string().max(10_000).nullish(),
  url: z.string().max(2048).nullish(),
  custom: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).nullish(),
});
const itemsShape = z.array(itemShape).max(100);

/**
 * Verifies a deep linking response (LTI Deep Linking 2.0 § 3.1) as Canvas does, and beyond it that `data` is
 * the one that was sent and that the nonce is new.
 *
 * @returns the items as they will stand in the module, or what is wrong.
 */
export async function readDeepLinkingResponse(
  platform: Platform,
  course: Course,
  person: Person,
  text: string,
): Promise<Omit<ModuleItem, 'id'>[] | RefusedResponse> {
  const refuse = (fault: DeepLinkFault, detail: string): RefusedResponse => ({ fault, detail });
  let kid: string | undefined;
  let claims: z.output<typeof claimsShape> & JWTPayload;
  try {
    const header = decodeProtectedHeader(text);
    if (header.alg !== 'RS256') return refuse('algorithm', `alg: ${String(header.alg)}`);
    kid = header.kid;
    const parsed = claimsShape.safeParse(decodeJwt(text));
    if (!parsed.success) return refuse('format', String(parsed.error.issues[0]?.path[0]));
    claims = parsed.data;
  } catch {
    return refuse('format', text === '' ? 'JWT' : text.slice(0, 40));
  }
  if (kid === undefined) return refuse('kid', 'kid');
  const key = platform.tools.key(claims.iss);
  if (key === undefined || !platform.tools.isActive(key.clientId))
    return refuse('client', `iss: ${claims.iss}`);

  const found = await downloadKey(key.jwksUrl, kid);
  if (typeof found === 'string') return refuse('keys', found);
  try {
    await jwtVerify(text, await importJWK(found, 'RS256'), {
      algorithms: ['RS256'],
      audience: platform.identity.issuer,
      currentDate: platform.now(),
    });
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refuse('expired', `exp: ${String(claims.exp)}`);
    if (error instanceof errors.JWTClaimValidationFailed) {
      return refuse(
        error.claim === 'aud' ? 'audience' : 'issued',
        `${error.claim}: ${String(claims[error.claim])}`,
      );
    }
    return refuse('signature', `kid: ${kid}`);
  }
  const now = nowOf(platform);
  if (claims.iat < now - oldestResponseSeconds || claims.iat > now + newestResponseSeconds) {
    return refuse('issued', `iat: ${String(claims.iat)}`);
  }

  const asked = await readData(platform, claims[deepLinkingClaim('data')]);
  const tool = asked === undefined ? undefined : platform.tools.find(asked.toolId);
  if (tool?.clientId !== key.clientId || asked?.courseId !== course.id || asked.personId !== person.id) {
    return refuse('data', 'data');
  }
  const said = (name: string): string => String(claims[claim(name)]);
  if (said('deployment_id') !== tool.deploymentId) return refuse('deployment', said('deployment_id'));
  if (said('message_type') !== 'LtiDeepLinkingResponse') return refuse('message', said('message_type'));
  if (said('version') !== '1.3.0') return refuse('version', said('version'));

  const items = itemsShape.safeParse(claims[deepLinkingClaim('content_items')] ?? []);
  if (!items.success) {
    const { path, message } = items.error.issues[0] ?? { path: [], message: '' };
    return refuse('items', `content_items.${path.join('.')}: ${message}`);
  }
  const foreign = items.data.find((item) => typeof item.url === 'string' && !isToolAddress(key, item.url));
  if (foreign !== undefined) return refuse('items', `url: ${String(foreign.url)}`);
  // Only a response that is right in all else uses its nonce up: nobody else can spend it.
  if (!platform.singleUse.take(`response ${key.clientId} ${claims.nonce}`, claims.exp, now)) {
    return refuse('nonce', `nonce: ${claims.nonce}`);
  }
  return items.data.map((item) => ({
    courseId: course.id,
    toolId: tool.id,
    clientId: key.clientId,
    resourceLinkId: crypto.randomUUID(),
    title: item.title ?? key.name,
    text: item.text ?? '',
    url: item.url ?? key.targetLinkUri,
    custom: item.custom ?? {},
  }));
}

async function readData(platform: Platform, text: unknown): Promise<z.output<typeof dataShape> | undefined> {
  if (typeof text !== 'string') return undefined;
  try {
    const { payload } = await jwtVerify(text, secretOf(platform), {
      algorithms: ['HS256'],
      currentDate: platform.now(),
    });
    return dataShape.parse(payload);
  } catch {
    return undefined;
  }
}
