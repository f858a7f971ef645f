import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { z } from 'zod';
import type { Env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { createOutsideFetch } from '../base/outside-fetch.ts';
import type { OutsideAnswer, OutsideFetch } from '../base/outside-fetch.ts';
import type { Ctx } from '../context.ts';
import { parseJson } from '../lti/parse-json.ts';
import { loadPublicKeys } from '../platforms/load-tool-keys.ts';
import { failed, judgeCertificate, judgeShownKeys, notChecked, warning } from './rules.ts';
import type { CertificateFacts, Finding } from './rules.ts';

type Address = Pick<Env, 'PUBLIC_URL'>;

const withinMs = 8_000;
const jwks = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional() })) });

/** The door to the one address that others may never send us to: our own, as browsers and platforms go to it. */
function ownDoor({ PUBLIC_URL }: Address): OutsideFetch {
  const { hostname, port, protocol } = new URL(PUBLIC_URL);
  const usual = protocol === 'https:' ? '443' : '80';
  return createOutsideFetch({
    allowPrivateHosts: [`${hostname}:${port === '' ? usual : port}`, `${hostname}:80`],
    ownOrigin: 'https://nobody.invalid',
  });
}

/** @throws AppError as `OutsideFetch` */
export function fetchOwnKeys(settings: Address): Promise<OutsideAnswer> {
  return ownDoor(settings)(`${settings.PUBLIC_URL}/lti/jwks`, { timeoutMs: withinMs });
}

/** @param ctx undefined: the database is away, and nobody knows our keys */
export async function lookAtAddress(
  settings: Address,
  ctx: Pick<Ctx, 'db' | 'now'> | undefined,
): Promise<Finding[]> {
  const { PUBLIC_URL: url } = settings;
  let answer: OutsideAnswer;
  try {
    answer = await fetchOwnKeys(settings);
  } catch (error) {
    return [tellUnreachable(url, error)];
  }
  const { location } = answer.headers;
  if (typeof location === 'string') {
    const to = URL.parse(location, url)?.origin ?? location;
    return [
      failed(
        'public-url',
        `${url} sends everybody on to ${to}.`,
        'Set PUBLIC_URL to the address that answers itself.',
      ),
    ];
  }
  if (answer.status !== 200) {
    return [
      failed(
        'public-url',
        `${url}/lti/jwks answers with status ${String(answer.status)}.`,
        answer.status === 502 || answer.status === 504
          ? 'The proxy does not reach the tool: is it running, and on the port that the proxy asks?'
          : answer.status === 503
            ? 'The tool is there and cannot work: see the other checks, and its log.'
            : 'Something else answers there: let the proxy lead all paths to the tool.',
      ),
    ];
  }
  const shown = jwks.safeParse(parseJson(answer.body));
  if (!shown.success) {
    return [
      failed(
        'public-url',
        `${url}/lti/jwks shows no keys: something else than the tool answers there.`,
        'Let the name (DNS) and the proxy lead to the tool.',
      ),
    ];
  }
  if (ctx === undefined) {
    return [
      notChecked('public-url', `${url} answers. Whether the keys are ours is to be seen with the database.`),
    ];
  }
  const ours = (await loadPublicKeys(ctx)).keys.map(({ kid }) => kid ?? '');
  const kids = shown.data.keys.map(({ kid }) => kid ?? '');
  const found = judgeShownKeys(url, kids, ours);
  return [...found, ...(await lookAtPlainHttp(url))];
}

function tellUnreachable(url: string, error: unknown): Finding {
  const cause = error instanceof AppError ? error.cause : undefined;
  const reason = error instanceof AppError ? String(error.facts.reason ?? error.code) : 'unknown';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : reason;
  const sentence = `${url} could not be asked from here (${code}).`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ALTNAME/.test(code)) {
    return failed('public-url', sentence, 'See the check "certificate".');
  }
  if (code === 'ECONNREFUSED') {
    return failed(
      'public-url',
      sentence,
      'Start the tool, and the proxy before it; open the port in the firewall.',
    );
  }
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) {
    return failed('public-url', sentence, 'Enter the name in DNS, or correct PUBLIC_URL.');
  }
  return failed(
    'public-url',
    sentence,
    'See whether it answers from elsewhere: some networks do not let a machine reach its own public address. Else look at proxy and firewall.',
  );
}

/** People type addresses without https: whoever comes by http should be led on. */
async function lookAtPlainHttp(url: string): Promise<Finding[]> {
  if (!url.startsWith('https://') || new URL(url).port !== '') return [];
  const plain = url.replace('https://', 'http://');
  const answer = await ownDoor({ PUBLIC_URL: url })(`${plain}/health`, { timeoutMs: withinMs / 4 }).catch(
    () => undefined,
  );
  // Nobody at all is fine: browsers remember that the tool is to be had by https alone (HSTS).
  if (answer?.status !== 200) return [];
  return [
    warning(
      'public-url',
      `${plain} serves the tool without encryption.`,
      'Have the proxy answer http with a redirect to https (deploy/nginx does).',
    ),
  ];
}

export async function lookAtCertificate({ PUBLIC_URL }: Address): Promise<Finding[]> {
  const { protocol, hostname, port } = new URL(PUBLIC_URL);
  if (protocol !== 'https:') return [notChecked('certificate', `${PUBLIC_URL} has none.`)];
  try {
    const facts = await readCertificate(hostname.replace(/^\[|\]$/g, ''), Number(port || '443'));
    return judgeCertificate(facts, new Date());
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no TLS';
    return [
      failed(
        'certificate',
        `No certificate could be read at ${hostname} (${code}).`,
        'Is there a proxy that ends TLS, and does the name lead to it?',
      ),
    ];
  }
}

function readCertificate(host: string, port: number): Promise<CertificateFacts> {
  return new Promise((done, broken) => {
    const socket = connect({
      ...{ host, port, timeout: withinMs },
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // It is read whatever is wrong with it; nothing is sent.
      rejectUnauthorized: false,
    });
    socket.once('secureConnect', () => {
      const { valid_to: validTo, issuer } = socket.getPeerCertificate();
      const { authorizationError: refusal } = socket as { authorizationError?: unknown };
      socket.destroy();
      done({
        host,
        validTo: new Date(validTo),
        issuer: String(issuer.O ?? issuer.CN ?? 'an unknown authority'),
        refusedFor: codeOf(refusal),
      });
    });
    socket.once('timeout', () => {
      socket.destroy(new Error('no answer'));
    });
    socket.once('error', broken);
  });
}

function codeOf(refusal: unknown): string | undefined {
  if (refusal === null || refusal === undefined) return undefined;
  if (typeof refusal === 'string') return refusal;
  return refusal instanceof Error && 'code' in refusal ? String(refusal.code) : 'untrusted';
}
