import type { DeploymentApproval } from '../base/env.ts';
import type { FrameHost } from './queries.ts';

export interface PlatformAddresses {
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
}

/** Canvas' hosted environments: every institution shares the issuer of its environment. */
const hostedCanvas: Record<string, string> = {
  'https://canvas.instructure.com': 'https://sso.canvaslms.com',
  'https://canvas.beta.instructure.com': 'https://sso.beta.canvaslms.com',
  'https://canvas.test.instructure.com': 'https://sso.test.canvaslms.com',
};

/** The addresses of a Canvas issuer: hosted ones live on the sso host, self-hosted ones on the issuer itself. */
export function canvasAddresses(issuer: string): PlatformAddresses {
  const host = hostedCanvas[issuer] ?? issuer;
  return {
    authorizeUrl: `${host}/api/lti/authorize_redirect`,
    tokenUrl: `${host}/login/oauth2/token`,
    jwksUrl: `${host}/api/lti/security/jwks`,
  };
}

/** The CSP sources for the pages of these platforms. */
export function frameSourcesOf(hosts: readonly FrameHost[]): string[] {
  const sources = new Set<string>();
  for (const host of hosts) {
    for (const address of [host.issuer, host.authorizeUrl]) {
      const origin = URL.parse(address)?.origin;
      if (origin !== undefined && origin !== 'null') sources.add(origin);
    }
    // Hosted Canvas: an institution's pages are below instructure.com, or on a domain of its own.
    if (hostedCanvas[host.issuer] !== undefined) sources.add('https://*.instructure.com');
    if (host.webHost !== null && /^[a-z0-9.-]+(:\d+)?$/i.test(host.webHost)) {
      sources.add(pagesOrigin(host.webHost, host.issuer));
    }
  }
  return [...sources];
}

/** Where a platform's pages are, given the host that its launches name: as secure as its issuer is. */
export function pagesOrigin(webHost: string, issuer: string): string {
  return `${issuer.startsWith('http://') ? 'http' : 'https'}://${webHost}`;
}

/** So many installations of one platform may wait; real ones come by ones and twos. */
export const mostPendingDeployments = 50;

/**
 * What becomes of a deployment that nobody has heard of, by the operator's setting and by how many deployments
 * of its platform are approved or wait already.
 */
export function decideDeployment(
  approval: DeploymentApproval,
  counted: { approved: number; pending: number },
): 'approve' | 'wait' | 'refuse' {
  if (approval === 'always' || (approval === 'first' && counted.approved === 0)) return 'approve';
  return counted.pending < mostPendingDeployments ? 'wait' : 'refuse';
}
