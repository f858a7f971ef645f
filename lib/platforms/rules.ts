import type { DeploymentApproval } from '../base/env.ts';
import { hostedCanvasIssuers, isInstanceOfHostedCanvas } from '../base/hosted-canvas.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { PlatformConfiguration } from '../lti/dynamic-registration.ts';
import type { FrameHost, HeldCourse, PersonOfMove } from './queries.ts';

export interface PlatformAddresses {
  authorizeUrl: string;
  tokenUrl: string;
  jwksUrl: string;
}

export const platformPresets = [
  'canvas',
  'canvas-beta',
  'canvas-test',
  'canvas-self-hosted',
  'moodle',
] as const;
export type PlatformPreset = (typeof platformPresets)[number];

/** Canvas' hosted environments: every institution shares the issuer of its environment. */
const hostedCanvas: Partial<Record<PlatformPreset, { issuer: string; sso: string }>> = {
  canvas: { issuer: hostedCanvasIssuers.canvas, sso: 'https://sso.canvaslms.com' },
  'canvas-beta': { issuer: hostedCanvasIssuers['canvas-beta'], sso: 'https://sso.beta.canvaslms.com' },
  'canvas-test': { issuer: hostedCanvasIssuers['canvas-test'], sso: 'https://sso.test.canvaslms.com' },
};

/**
 * The preset of an issuer that every institution of its environment shares.
 *
 * @returns undefined for every other issuer
 */
export function hostedPresetOf(issuer: string): PlatformPreset | undefined {
  return platformPresets.find((preset) => hostedCanvas[preset]?.issuer === issuer);
}

/** The addresses of a Canvas issuer: hosted ones live on the sso host, self-hosted ones on the issuer itself. */
export function canvasAddresses(issuer: string): PlatformAddresses {
  const preset = hostedPresetOf(issuer);
  const host = (preset && hostedCanvas[preset]?.sso) ?? issuer;
  return {
    authorizeUrl: `${host}/api/lti/authorize_redirect`,
    tokenUrl: `${host}/login/oauth2/token`,
    jwksUrl: `${host}/api/lti/security/jwks`,
  };
}

/** Whether there are many platforms of this kind, so that the one meant must be named by its address. */
export function needsUrl(preset: PlatformPreset): boolean {
  return hostedCanvas[preset] === undefined;
}

/**
 * Issuer and addresses of a known kind of platform.
 *
 * @param url the platform's own address, without trailing slash, where it needs one: Moodle's wwwroot
 */
export function presetPlatform(preset: PlatformPreset, url: string): PlatformAddresses & { issuer: string } {
  if (preset !== 'moodle') {
    const issuer = hostedCanvas[preset]?.issuer ?? url;
    return { issuer, ...canvasAddresses(issuer) };
  }
  return {
    issuer: url,
    authorizeUrl: `${url}/mod/lti/auth.php`,
    tokenUrl: `${url}/mod/lti/token.php`,
    jwksUrl: `${url}/mod/lti/certs.php`,
  };
}

/** What is likely wrong with an issuer. It is compared letter by letter, so that nothing is mended here. */
export function issuerDoubts(issuer: string): ('trailing-slash' | 'instance-of-hosted-canvas')[] {
  return [
    ...(issuer.endsWith('/') ? (['trailing-slash'] as const) : []),
    ...(isInstanceOfHostedCanvas(issuer) ? (['instance-of-hosted-canvas'] as const) : []),
  ];
}

/** Hosts that are Canvas' own, hosted: what they say of a hosted issuer is true. */
function isHostedCanvasHost(host: string): boolean {
  return host.endsWith('.instructure.com') || host.endsWith('.canvaslms.com');
}

export type UntrustedReason = 'insecure address' | 'issuer elsewhere' | 'endpoint elsewhere';

export type RegistrationDecision =
  | { ok: true; addresses: PlatformAddresses & { tokenAudience?: string } }
  | { ok: false; reason: UntrustedReason };

/**
 * Whether a platform's configuration may be believed. It is as true as the host that it came from, so it may
 * speak for that host alone: issuer and every endpoint lie there. Else it could name the token endpoint of one
 * platform and the services of another, and have the tool carry tokens across. Hosted Canvas is the exception
 * by its nature (school, issuer and sign-in lie on three hosts): its hosts are known, and so are its endpoints.
 *
 * What a platform spreads over several hosts in another way, an operator registers by hand.
 *
 * @param where.configurationUrl where the configuration was fetched (LTI Dynamic Registration 1.0)
 * @param where.allowPrivateHosts `host:port` entries that may be plain http
 */
export function decideRegistration(
  platform: Pick<
    PlatformConfiguration,
    'issuer' | 'authorizeUrl' | 'registrationUrl' | 'jwksUrl' | 'tokenUrl' | 'authorizationServer'
  >,
  { configurationUrl, allowPrivateHosts }: { configurationUrl: string; allowPrivateHosts: readonly string[] },
): RegistrationDecision {
  const { issuer, authorizeUrl, registrationUrl, jwksUrl, tokenUrl, authorizationServer } = platform;
  const all = [configurationUrl, issuer, authorizeUrl, registrationUrl, jwksUrl, tokenUrl].map((address) =>
    URL.parse(address),
  );
  for (const url of all) {
    if (url?.username !== '') return { ok: false, reason: 'insecure address' };
    const isAllowed = allowPrivateHosts.includes(`${url.hostname}:${url.port === '' ? '80' : url.port}`);
    if (url.protocol !== 'https:' && !isAllowed) return { ok: false, reason: 'insecure address' };
  }
  const [configurationHost = '', issuerHost = '', ...endpointHosts] = all.map((url) => url?.host ?? '');
  if (hostedPresetOf(issuer) !== undefined) {
    if (!isHostedCanvasHost(configurationHost)) return { ok: false, reason: 'issuer elsewhere' };
    const addresses = canvasAddresses(issuer);
    const isCanvas = [authorizeUrl, jwksUrl, tokenUrl].every((address) =>
      isHostedCanvasHost(new URL(address).host),
    );
    return isCanvas ? { ok: true, addresses } : { ok: false, reason: 'endpoint elsewhere' };
  }
  if (issuerHost !== configurationHost) return { ok: false, reason: 'issuer elsewhere' };
  if (endpointHosts.some((host) => host !== issuerHost)) return { ok: false, reason: 'endpoint elsewhere' };
  // An audience of another host would make our signed request good there, in whoever's hands. Canvas names a bare
  // host here, which is no audience.
  const isAddress = /^https?:\/\//.test(authorizationServer ?? '');
  const tokenAudience = isAddress ? authorizationServer : undefined;
  if (tokenAudience !== undefined && URL.parse(tokenAudience)?.host !== issuerHost) {
    return { ok: false, reason: 'endpoint elsewhere' };
  }
  return { ok: true, addresses: { authorizeUrl, tokenUrl, jwksUrl, tokenAudience } };
}

/** The CSP sources for the pages of these platforms, as wide as they may lie. */
export function frameSourcesOf(hosts: readonly FrameHost[]): string[] {
  const sources = new Set<string>();
  for (const host of hosts) {
    for (const address of [host.issuer, host.authorizeUrl]) {
      const origin = URL.parse(address)?.origin;
      if (origin !== undefined && origin !== 'null') sources.add(origin);
    }
    // Hosted Canvas: an institution's pages are below instructure.com, or on a domain of its own.
    if (hostedPresetOf(host.issuer) !== undefined) sources.add('https://*.instructure.com');
    for (const own of ownFrameSources(host)) sources.add(own);
  }
  return [...sources];
}

/**
 * The CSP sources for the pages of these deployments alone. On hosted Canvas everybody's pages lie below one domain, a
 * stranger's course among them: once a launch has named the school's own hosts, those count and no others.
 */
export function frameSourcesOfTenants(hosts: readonly FrameHost[]): string[] {
  const sources = hosts.flatMap((host) => {
    const own = hostedPresetOf(host.issuer) === undefined ? [] : ownFrameSources(host);
    return own.length > 0 ? own : frameSourcesOf([host]);
  });
  return [...new Set(sources)];
}

/** What launches of the deployment have named. */
function ownFrameSources({ frameHosts, issuer }: FrameHost): string[] {
  return (frameHosts ?? [])
    .filter((host) => /^[a-z0-9.-]+(:\d+)?$/.test(host))
    .map((host) => pagesOrigin(host, issuer));
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

/** How long an old key is shown after the new one signs: lists are kept, and answers read, longer than they should. */
const retiredAfterMs = 24 * 3_600_000;

function isPublished(key: KeyTimes, now: Date): boolean {
  return key.retiredAt === null || key.retiredAt > now;
}

/**
 * The key whose turn it is: of those that are shown, the last that has begun to sign. Where none has yet (the
 * first key, and a clock that lags), the first that will.
 *
 * @returns undefined when none is shown
 */
export function findSigningKey<Key extends KeyTimes>(keys: readonly Key[], now: Date): Key | undefined {
  const published = keys
    .filter((key) => isPublished(key, now))
    .sort((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime());
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

/**
 * When a new key begins to sign, and which keys end when: no gap in which a platform could miss one.
 *
 * @param published the keys that are shown now
 * @param haste minutes until the new key signs, never fewer than `leastSignsInMinutes`; or `now`
 */
export function decideRotation(
  published: readonly KeyTimes[],
  haste: RotationHaste,
  now: Date,
):
  | { kind: 'rotate'; signsFrom: Date; retired: string[]; retiredAt: Date }
  | { kind: 'under-way'; kid: string; signsFrom: Date }
  | { kind: 'no-key' } {
  if (published.length === 0) return { kind: 'no-key' };
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

/** Whether something stands in a course that nobody may lose. A roster alone comes again by itself. */
export function holdsSomething(course: HeldCourse): boolean {
  return course.meetings > 0 || course.checkIns > 0 || course.auditEvents > 0;
}

/** One course of the platform that stands in both deployments, with attendance in both. */
export interface TwiceHeld {
  from: HeldCourse;
  to: HeldCourse;
}

export type CoursesDecision =
  | { kind: 'move'; moving: HeldCourse[]; givingWay: HeldCourse[]; left: HeldCourse[] }
  /** There is nothing to move: perhaps the two were named the wrong way round. */
  | { kind: 'nothing-there' }
  | { kind: 'twice-held'; courses: TwiceHeld[] }
  | { kind: 'no-such-course'; courseIds: string[] };

/**
 * Which courses go from one deployment to another. Where both have one, the one without attendance gives way;
 * where both hold some, nothing is moved, unless the operator leaves that course where it is.
 *
 * @param leave ids of courses that stay
 */
export function decideCourses(
  from: readonly HeldCourse[],
  to: readonly HeldCourse[],
  leave: readonly string[],
): CoursesDecision {
  const unknown = leave.filter((id) => !from.some((course) => course.id === id));
  if (unknown.length > 0) return { kind: 'no-such-course', courseIds: unknown };
  const left = from.filter((course) => leave.includes(course.id));
  const twiceHeld: TwiceHeld[] = [];
  const givingWay: HeldCourse[] = [];
  const moving: HeldCourse[] = [];
  for (const course of from) {
    if (left.includes(course)) continue;
    const there = to.find((other) => other.contextId === course.contextId);
    if (there === undefined) moving.push(course);
    else if (!holdsSomething(there)) {
      moving.push(course);
      givingWay.push(there);
    } else if (!holdsSomething(course)) givingWay.push(course);
    else twiceHeld.push({ from: course, to: there });
  }
  if (twiceHeld.length > 0) return { kind: 'twice-held', courses: twiceHeld };
  if (moving.length === 0) return { kind: 'nothing-there' };
  return { kind: 'move', moving, givingWay, left };
}

export type PeopleDecision =
  | { kind: 'move'; moving: string[]; joining: { id: string; becomes: string }[] }
  /** A person belongs to one platform: those who are needed on both cannot go. */
  | { kind: 'people-elsewhere'; people: number; deploymentIds: string[] }
  /** Somebody else bears their number there: the platform merged accounts, or these are two schools. */
  | { kind: 'people-doubtful'; people: number };

/** What becomes of the people of courses that go to another platform of the same issuer. */
export function decidePeople(people: readonly PersonOfMove[]): PeopleDecision {
  const elsewhere = people.filter((person) => person.elsewhere.length > 0);
  if (elsewhere.length > 0) {
    const deploymentIds = [...new Set(elsewhere.flatMap((person) => person.elsewhere))].sort();
    return { kind: 'people-elsewhere', people: elsewhere.length, deploymentIds };
  }
  const doubtful = people.filter((person) => person.numberTaken);
  if (doubtful.length > 0) return { kind: 'people-doubtful', people: doubtful.length };
  return {
    kind: 'move',
    moving: people.flatMap(({ id, sameThere }) => (sameThere === null ? [id] : [])),
    joining: people.flatMap(({ id, sameThere }) => (sameThere === null ? [] : [{ id, becomes: sameThere }])),
  };
}
