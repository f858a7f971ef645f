import type { DeploymentApproval } from '../base/env.ts';
import { addMs, minuteMs } from '../base/time.ts';
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

/** What says when a tool key signs and when it is shown. Both are read off the rows; no job has to run. */
export interface KeyTimes {
  kid: string;
  signsFrom: Date;
  /** Shown until then; null: no end yet. */
  retiredAt: Date | null;
}

/** How long platforms and proxies may keep `/lti/jwks`. */
export const jwksMaxAgeSeconds = 300;

/** A new key signs no sooner: twice as long as anybody keeps the old list, for clocks that differ. */
export const leastSignsInMinutes = (2 * jwksMaxAgeSeconds) / 60;
export const usualSignsInMinutes = 60;

/** How long an old key is shown after the new one signs: lists are kept longer, and answers read later, than they should. */
export const retiredAfterMs = 24 * 3_600_000;

function isPublished(key: KeyTimes, now: Date): boolean {
  return key.retiredAt === null || key.retiredAt > now;
}

/**
 * The key whose turn it is: of those that are shown, the last that has begun to sign. Where none has yet (the
 * first key, and a clock that lags), the first that will.
 *
 * @param keys the last to begin signing first
 */
export function findSigningKey<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  const published = keys.filter((key) => isPublished(key, now));
  return published.find((key) => key.signsFrom <= now) ?? published.at(-1);
}

export type KeyState = 'signing' | 'waiting' | 'published' | 'withdrawn';

/** `published`: signs no more, but what it signed can still be checked. */
export function keyState(key: KeyTimes, keys: readonly KeyTimes[], now: Date): KeyState {
  if (!isPublished(key, now)) return 'withdrawn';
  if (findSigningKey(keys, now)?.kid === key.kid) return 'signing';
  return key.signsFrom > now ? 'waiting' : 'published';
}

/** `now`: the old key has leaked. */
export type RotationHaste = 'now' | { signsInMinutes: number };

/** When a new key begins to sign, and which keys end when: no gap in which a platform could miss one. */
export function decideRotation(
  published: readonly KeyTimes[],
  haste: RotationHaste,
  now: Date,
):
  | { kind: 'rotate'; signsFrom: Date; retired: string[]; retiredAt: Date }
  | { kind: 'under-way'; kid: string; signsFrom: Date } {
  if (haste === 'now') {
    return { kind: 'rotate', signsFrom: now, retired: published.map((key) => key.kid), retiredAt: now };
  }
  const waiting = published.find((key) => key.signsFrom > now);
  if (waiting !== undefined) return { kind: 'under-way', kid: waiting.kid, signsFrom: waiting.signsFrom };
  const signsFrom = addMs(now, Math.max(haste.signsInMinutes, leastSignsInMinutes) * minuteMs);
  return {
    kind: 'rotate',
    signsFrom,
    retired: published.filter((key) => key.retiredAt === null).map((key) => key.kid),
    retiredAt: addMs(signsFrom, retiredAfterMs),
  };
}
