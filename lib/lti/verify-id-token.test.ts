import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { CryptoKey } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import { createPlatformKeys } from './platform-keys.ts';
import type { PlatformKeys } from './platform-keys.ts';
import { verifyIdToken } from './verify-id-token.ts';

const now = new Date('2026-11-28T08:58:00Z');
const seconds = now.getTime() / 1000;
const issuer = 'https://canvas.example';
const clientId = '10000000000001';
const good = { iss: issuer, aud: clientId, sub: 'u1', nonce: 'n1', iat: seconds - 5, exp: seconds + 3595 };

let platformKey: CryptoKey;
let publicPem: string;
let strangerKey: CryptoKey;
let keys: PlatformKeys;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  platformKey = pair.privateKey;
  publicPem = await exportSPKI(pair.publicKey);
  strangerKey = (await generateKeyPair('RS256')).privateKey;
  keys = {
    find: (kid) =>
      kid === 'k1' ? Promise.resolve(pair.publicKey) : Promise.reject(new AppError('token-key-unknown')),
  };
});

type Header = Record<string, unknown>;

async function sign(claims: object, header: Header = {}, key = platformKey): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);
}

const verify = (token: string) => verifyIdToken(token, { issuer, clientId, nonce: 'n1', now, keys });

describe('an id_token', () => {
  test.each([
    ['as Canvas sends it', {}],
    ['with azp', { azp: clientId }],
    ['for several, with azp', { aud: ['other', clientId], azp: clientId }],
    ['in an array of one', { aud: [clientId] }],
    ['four minutes old', { iat: seconds - 240 }],
    ['expired by 59 s (skew)', { exp: seconds - 59 }],
    ['from 59 s ahead (skew)', { iat: seconds + 59 }],
  ])('%s is accepted', async (_name, change) => {
    await expect(verify(await sign({ ...good, ...change }))).resolves.toMatchObject({ sub: 'u1' });
  });

  test.each([
    ['another issuer', { iss: 'https://evil.example' }, 'token-issuer'],
    ['the issuer in other case', { iss: 'https://CANVAS.example' }, 'token-issuer'],
    ['the issuer with a slash', { iss: `${issuer}/` }, 'token-issuer'],
    ['another audience', { aud: 'other' }, 'token-audience'],
    ['no audience', { aud: undefined }, 'token-audience'],
    ['several audiences without azp', { aud: [clientId, 'other'] }, 'token-audience'],
    ['another azp', { azp: 'other' }, 'token-audience'],
    ['expired by 61 s', { exp: seconds - 61 }, 'token-expired'],
    ['long gone', { iat: 11111, exp: 22222 }, 'token-expired'],
    ['issued 61 s ahead', { iat: seconds + 61 }, 'token-not-yet-valid'],
    ['valid only later', { nbf: seconds + 61 }, 'token-not-yet-valid'],
    ['no exp', { exp: undefined }, 'claim-missing'],
    ['exp as text', { exp: String(seconds + 60) }, 'claim-missing'],
    ['no iat', { iat: undefined }, 'claim-missing'],
    ['another nonce', { nonce: 'n2' }, 'nonce-mismatch'],
    ['no nonce', { nonce: undefined }, 'nonce-mismatch'],
  ])('with %s is refused', async (_name, change, code) => {
    await expect(verify(await sign({ ...good, ...change }))).rejects.toMatchObject({ code, message: code });
  });

  test.each<[string, () => Promise<string> | string, string]>([
    ['no kid', () => sign(good, { kid: undefined }), 'token-key-unknown'],
    ['an unknown kid', () => sign(good, { kid: 'k2' }), 'token-key-unknown'],
    ['another key under a known kid', () => sign(good, {}, strangerKey), 'token-signature'],
    ['alg none', () => new UnsecuredJWT(good).encode(), 'token-signature'],
    [
      'HS256 with our knowledge of the public key',
      () =>
        new SignJWT(good)
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode(publicPem)),
      'token-signature',
    ],
    [
      'a key of its own in the header',
      async () => {
        const pair = await generateKeyPair('RS256', { extractable: true });
        return sign(good, { jwk: await exportJWK(pair.publicKey) }, pair.privateKey);
      },
      'token-signature',
    ],
    [
      'a key address of its own',
      () => sign(good, { jku: 'https://evil.example/jwks' }, strangerKey),
      'token-signature',
    ],
    [
      'a changed payload',
      async () => {
        const [head, , signature] = (await sign(good)).split('.');
        const body = Buffer.from(JSON.stringify({ ...good, sub: 'u2' })).toString('base64url');
        return [head, body, signature].join('.');
      },
      'token-signature',
    ],
    ['no dots', () => 'nonsense', 'token-malformed'],
    ['nothing', () => '', 'token-malformed'],
  ])('with %s is refused', async (_name, make, code) => {
    await expect(verify(await make())).rejects.toMatchObject({ code });
  });
});

describe('the keys of a platform', () => {
  async function platform(kids: string[]) {
    const pairs = new Map(
      await Promise.all(
        kids.map(
          async (kid) => [kid, (await generateKeyPair('RS256', { extractable: true })).publicKey] as const,
        ),
      ),
    );
    const state = {
      published: [...kids],
      down: false,
      body: undefined as string | undefined,
      reads: 0,
      ms: 0,
    };
    const fetchOutside: OutsideFetch = async () => {
      state.reads += 1;
      if (state.down) throw new AppError('platform-unreachable');
      const published = [];
      for (const kid of state.published) {
        const key = pairs.get(kid);
        if (key !== undefined) published.push({ ...(await exportJWK(key)), kid, use: 'sig', alg: 'RS256' });
      }
      return { status: 200, headers: {}, body: state.body ?? JSON.stringify({ keys: published }) };
    };
    return { state, keys: createPlatformKeys('https://canvas.example/jwks', fetchOutside, () => state.ms) };
  }

  test('are read once and kept', async () => {
    const { state, keys } = await platform(['a', 'b']);
    await Promise.all([keys.find('a'), keys.find('b'), keys.find('a')]);
    await keys.find('b');
    expect(state.reads).toBe(1);
  });

  test('a new key is found after one more look, a stranger’s is not, and does not flood the platform', async () => {
    const { state, keys } = await platform(['a', 'new']);
    state.published = ['a'];
    await keys.find('a');
    state.published = ['a', 'new'];
    await keys.find('new');
    expect(state.reads).toBe(2);
    for (const [at, reads] of [
      [0, 3],
      [31_000, 4],
    ] as const) {
      state.ms = at;
      for (let i = 0; i < 20; i += 1)
        await expect(keys.find(`x${String(i)}`)).rejects.toMatchObject({ code: 'token-key-unknown' });
      expect(state.reads).toBe(reads);
    }
  });

  test('nobody waits again and again for an address that does not answer', async () => {
    const { state, keys } = await platform(['a']);
    state.down = true;
    for (let i = 0; i < 20; i += 1)
      await expect(keys.find('a')).rejects.toMatchObject({ code: 'platform-keys-unavailable' });
    expect(state.reads).toBe(1);
    state.down = false;
    state.ms += 5_000;
    await expect(keys.find('a')).resolves.toBeDefined();
  });

  test('one that is broken takes none of the others away', async () => {
    const { state, keys } = await platform(['a']);
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const good = { ...(await exportJWK(publicKey)), kid: 'a' };
    state.body = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'b', n: '!', e: '' }, good] });
    await expect(keys.find('a')).resolves.toBeDefined();
  });

  test('the last good ones count while the platform is away', async () => {
    const { state, keys } = await platform(['a']);
    await keys.find('a');
    state.down = true;
    state.ms += 2 * 3_600_000;
    await expect(keys.find('a')).resolves.toBeDefined();
  });

  test('a withdrawn key ends within the hour', async () => {
    const { state, keys } = await platform(['a', 'b']);
    await keys.find('a');
    state.published = ['b'];
    state.ms += 61 * 60_000;
    await expect(keys.find('a')).rejects.toMatchObject({ code: 'token-key-unknown' });
  });

  test.each([
    ['HTML', '<html>'],
    ['no keys', '{"keys":"none"}'],
    ['nothing', ''],
  ])('%s instead of keys is the platform’s fault', async (_what, body) => {
    const { state, keys } = await platform(['a']);
    state.body = body;
    await expect(keys.find('a')).rejects.toMatchObject({ code: 'platform-keys-unavailable' });
  });
});
