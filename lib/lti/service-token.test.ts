import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { readTokenAnswer, signTokenRequest } from './service-token.ts';
import type { TokenClient } from './service-token.ts';
import { createToolKey, importToolSigner } from './tool-key.ts';
import type { ToolSigner } from './tool-key.ts';

const now = new Date('2026-11-28T08:00:00Z');
const seconds = now.getTime() / 1000;
const client: TokenClient = {
  tokenUrl: 'https://lms.example/token',
  tokenAudience: null,
  clientId: '10000000000001',
};
const members = 'https://lms.example/scope/members';
const scores = 'https://lms.example/scope/scores';

let signer: ToolSigner;
beforeAll(async () => {
  const key = await createToolKey();
  signer = await importToolSigner(key.kid, key.privateJwk);
});

async function assertionOf(changed: Partial<TokenClient>) {
  const request = await signTokenRequest({ ...client, ...changed }, [members, scores], signer, now);
  const form = new URLSearchParams(request.body);
  return { request, form, jwt: form.get('client_assertion') ?? '' };
}

describe('a request for a token', () => {
  test('is a form with a signed assertion, dated back a little', async () => {
    const { request, form, jwt } = await assertionOf({});
    expect(request).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(Object.fromEntries(form)).toMatchObject({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      scope: `${members} ${scores}`,
    });
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'RS256', kid: signer.kid });
    expect(decodeJwt(jwt)).toMatchObject({
      iss: client.clientId,
      sub: client.clientId,
      aud: client.tokenUrl,
      iat: seconds - 5,
      exp: seconds + 295,
    });
  });

  test('names the audience that the platform wants', async () => {
    const { jwt } = await assertionOf({ tokenAudience: 'https://api.lms.example/auth/token' });
    expect(decodeJwt(jwt).aud).toBe('https://api.lms.example/auth/token');
  });

  test('is never the same twice', async () => {
    const [one, two] = [await assertionOf({}), await assertionOf({})];
    expect(decodeJwt(one.jwt).jti).not.toBe(decodeJwt(two.jwt).jti);
  });
});

describe('the answer', () => {
  const read = (body: unknown, status = 200) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return readTokenAnswer(
      { status, headers: { 'content-type': 'text/html' }, body: text },
      [members, scores],
      now,
    );
  };
  const lifeOf = (body: object) =>
    (read({ access_token: 't', ...body }).expiresAt.getTime() - now.getTime()) / 1000;

  test.each([
    ['an hour', { expires_in: 3600 }, 3540],
    ['an hour as text', { expires_in: '3600' }, 3540],
    ['not told', {}, 3540],
    ['a minute', { expires_in: 60 }, 30],
    ['none', { expires_in: 0 }, 0],
    ['for ever', { expires_in: 1e15 }, 86_340],
  ])('lasts: %s', (_what, body, life) => {
    expect(lifeOf(body)).toBe(life);
  });

  test.each([
    ['does not name the scopes', {}],
    ['null', { scope: null }],
    ['names them in another order, and more', { scope: `other ${scores} ${members}` }],
    ['lower-case bearer', { token_type: 'bearer' }],
  ])('is taken: %s', (_what, body) => {
    expect(read({ access_token: 't', ...body }).value).toBe('t');
  });

  test.each([
    ['HTML', '<html>', 200, { reason: 'unreadable' }],
    ['no token', {}, 200, { reason: 'unreadable' }],
    ['a token that would break the header', { access_token: 'a\r\nx: y' }, 200, { reason: 'unreadable' }],
    ['another kind of token', { access_token: 't', token_type: 'mac' }, 200, { reason: 'unreadable' }],
    ['negative life', { access_token: 't', expires_in: -1 }, 200, { reason: 'unreadable' }],
    [
      'one scope of two',
      { access_token: 't', scope: members },
      200,
      { reason: 'scope not granted', scope: scores },
    ],
    [
      'no scope at all',
      { access_token: 't', scope: '' },
      200,
      { reason: 'scope not granted', scope: `${members} ${scores}` },
    ],
    [
      'scope refused',
      { error: 'invalid_scope' },
      400,
      { status: 400, error: 'invalid_scope', scope: `${members} ${scores}` },
    ],
    [
      'client refused',
      { error: 'invalid_client', error_description: 'secret' },
      401,
      { status: 401, error: 'invalid_client' },
    ],
    ['words of its own', { error: 'Ada Lovelace' }, 400, { status: 400 }],
    ['broken JSON', '{"error":', 400, { status: 400 }],
    ['a redirect', '', 302, { status: 302 }],
  ])('fails: %s', (_what, body, status, facts) => {
    let thrown: unknown;
    try {
      read(body, status);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'platform-answer' });
    expect(thrown).toHaveProperty('facts', { at: 'token', ...facts });
  });
});
