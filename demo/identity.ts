import { createHash } from 'node:crypto';

/** Who the demo platform says it is. Constants, so that a tool can be registered before the demo runs. */
export interface PlatformIdentity {
  issuer: string;
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
  /** Where a tool that registers itself reads who the platform is, and where it posts who it is. */
  configurationUrl: string;
  registrationUrl: string;
}

export function identityOf(issuer: string): PlatformIdentity {
  return {
    issuer,
    authorizeUrl: `${issuer}/api/lti/authorize_redirect`,
    tokenUrl: `${issuer}/login/oauth2/token`,
    jwksUrl: `${issuer}/api/lti/security/jwks`,
    configurationUrl: `${issuer}/api/lti/security/openid-configuration`,
    registrationUrl: `${issuer}/api/lti/registrations`,
  };
}

/** The identity of a demo without a proxy before it. */
export function identityAt(port: number): PlatformIdentity {
  return identityOf(`http://127.0.0.1:${String(port)}`);
}

/** The developer key that the tool is registered under, and a second one for tests of the tenancy. */
export const clientId = '10000000000001';
export const secondClientId = '10000000000002';

/** Opaque ids look as Canvas makes them: 40 hexadecimal digits. */
export function opaqueId(kind: string, id: number | string): string {
  return createHash('sha1')
    .update(`demo-lms/${kind}/${String(id)}`)
    .digest('hex');
}

/** The login hint of everybody who is not signed in. */
export const visitorLoginHint = opaqueId('user', 'public');

/** An LTI user id as newer Canvas gives it: a version 4 UUID. */
export function userUuid(id: number): string {
  const hex = createHash('sha256')
    .update(`demo-lms/lti-user/${String(id)}`)
    .digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** One installation of a developer key: Canvas numbers them, and shows the number in the deployment id. */
export interface InstalledTool {
  id: number;
  clientId: string;
  deploymentId: string;
}

function install(id: number, client: string): InstalledTool {
  return { id, clientId: client, deploymentId: `${String(id)}:${opaqueId('tool', id)}` };
}

export const mainTool = install(5, clientId);
/** The same key installed once more: another tenant of the same registration. */
export const secondDeployment = install(6, clientId);
/** Another key: another registration of the same issuer. */
export const secondClientTool = install(7, secondClientId);

export const installedTools: readonly InstalledTool[] = [mainTool, secondDeployment, secondClientTool];

export const deploymentId = mainTool.deploymentId;

/** The token of the demo's REST interface where the environment names no other. It opens invented data only. */
export const sampleApiToken = 'demo-api-token-of-invented-people';

/** The environment that registers the demo platform, by its port or its public address, with the tool. */
export function toolEnvironment(at: number | string): Record<string, string> {
  const identity = typeof at === 'number' ? identityAt(at) : identityOf(at);
  return {
    CANVAS_PLATFORM_URL: identity.issuer,
    CANVAS_CLIENT_ID: clientId,
    CANVAS_DEPLOYMENT_ID: deploymentId,
    CANVAS_AUTHORIZE_URL: identity.authorizeUrl,
    CANVAS_TOKEN_URL: identity.tokenUrl,
    CANVAS_JWKS_URL: identity.jwksUrl,
    CANVAS_BASE_URL: identity.issuer,
    CANVAS_API_TOKEN: sampleApiToken,
  };
}
