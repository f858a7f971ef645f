import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { base64url, calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK, JWTHeaderParameters } from 'jose';
import { claimNames } from '#lib/lti/claim-names.ts';

export const vocabulary = 'http://purl.imsglobal.org/vocab/lis/v2';

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  publicJwk: JWK;
}

export async function createSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  return { kid, privateKey, publicKey, publicJwk: { ...jwk, kid, use: 'sig', alg: 'RS256' } };
}

export interface ReceivedRequest {
  method: string;
  path: string;
  authorization: string | undefined;
  body: string;
}

export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
) => void | Promise<void>;

export interface RecordingServer {
  url: string;
  received: ReceivedRequest[];
  /** What is answered below a path; everything else is 404. */
  on(path: string, answer: Answer): void;
  close(): Promise<void>;
}

/** An HTTP server of the test's own that remembers what it was asked. */
export async function startRecordingServer(port: number): Promise<RecordingServer> {
  const answers = new Map<string, Answer>();
  const received: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const path = request.url ?? '';
      received.push({
        method: request.method ?? '',
        path,
        authorization: request.headers.authorization,
        body,
      });
      const answer = answers.get(path.split('?')[0] ?? '');
      if (answer === undefined) response.writeHead(404).end();
      else await answer(request, response, body);
    })();
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String(port)}`,
    received,
    on: (path, answer) => {
      answers.set(path, answer);
    },
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

export function json(value: unknown, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
}

/** What may be wrong with a platform's public keys. */
export const keyTroubles: Readonly<Record<string, Answer>> = {
  down: (request) => {
    request.socket.destroy();
  },
  slow: async (request, response) => {
    // Longer than anybody waits; the connection's end ends it.
    const gone = new AbortController();
    request.socket.once('close', () => {
      gone.abort();
    });
    await delay(30_000, undefined, { signal: gone.signal, ref: false }).catch(() => undefined);
    response.end();
  },
  huge: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"keys":[${'{"kty":"RSA"},'.repeat(500_000)}{}]}`);
  },
  html: (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Please sign in</h1>');
  },
  'a fault': (_request, response) => {
    response.writeHead(500).end();
  },
};

export interface Occasion {
  issuer: string;
  clientId: string;
  deploymentId: string;
  nonce: string;
  target: string;
  now?: Date;
}

/** The claims of a launch that is in order, of a student who is known by name and e-mail. */
export function launchClaims(occasion: Occasion): Record<string, unknown> {
  const now = Math.floor((occasion.now ?? new Date()).getTime() / 1000);
  return {
    iss: occasion.issuer,
    aud: occasion.clientId,
    azp: occasion.clientId,
    sub: 'a-student',
    nonce: occasion.nonce,
    iat: now - 2,
    exp: now + 3_600,
    name: 'Nora Beispiel',
    given_name: 'Nora',
    family_name: 'Beispiel',
    email: 'nora@example.org',
    locale: 'en',
    [claimNames.messageType]: 'LtiResourceLinkRequest',
    [claimNames.version]: '1.3.0',
    [claimNames.deploymentId]: occasion.deploymentId,
    [claimNames.targetLinkUri]: occasion.target,
    [claimNames.roles]: [`${vocabulary}/membership#Learner`],
    [claimNames.context]: { id: 'conformance', label: 'C-1', title: 'Conformance' },
    [claimNames.resourceLink]: { id: 'link-1', title: 'Attendance' },
    [claimNames.custom]: {},
    [claimNames.toolPlatform]: { guid: 'a-canvas', product_family_code: 'canvas' },
    [claimNames.placement]: 'course_navigation',
  };
}

export interface Signing {
  key: SigningKey;
  /** Header fields laid over `{ alg, typ, kid }`; undefined takes one away. */
  header?: Record<string, unknown>;
}

export function signClaims(claims: Record<string, unknown>, { key, header }: Signing): Promise<string> {
  const fields = { alg: 'RS256', typ: 'JWT', kid: key.kid, ...header } as JWTHeaderParameters;
  return new SignJWT(claims).setProtectedHeader(fields).sign(key.privateKey);
}

/** A token that nobody signed. */
export function unsigned(claims: Record<string, unknown>, kid: string): string {
  return `${encode({ alg: 'none', typ: 'JWT', kid })}.${encode(claims)}.`;
}

/** A token whose signature anybody can make who knows a public key, if the tool takes the header's word. */
export async function signedWithPublicKey(
  claims: Record<string, unknown>,
  { kid, publicKey }: Pick<SigningKey, 'kid' | 'publicKey'>,
): Promise<string> {
  const text = `${encode({ alg: 'HS256', typ: 'JWT', kid })}.${encode(claims)}`;
  const signature = createHmac('sha256', await exportSPKI(publicKey))
    .update(text)
    .digest('base64url');
  return `${text}.${signature}`;
}

function encode(value: unknown): string {
  return base64url.encode(JSON.stringify(value));
}
