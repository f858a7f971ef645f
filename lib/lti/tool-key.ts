import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';

export interface NewToolKey {
  kid: string;
  /** What `/lti/jwks` shows: with `kid`, `use` and `alg`. */
  publicJwk: Record<string, string>;
  privateJwk: JWK;
}

/** A new RS256 key pair of 2048 bits; its `kid` is its thumbprint (RFC 7638). */
export async function createToolKey(): Promise<NewToolKey> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', {
    modulusLength: 2048,
    extractable: true,
  });
  const { kty, n, e } = await exportJWK(publicKey);
  if (kty === undefined || n === undefined || e === undefined) throw new Error('not an RSA key');
  const kid = await calculateJwkThumbprint({ kty, n, e });
  return {
    kid,
    publicJwk: { kty, n, e, kid, use: 'sig', alg: 'RS256' },
    privateJwk: await exportJWK(privateKey),
  };
}

export interface ToolSigner {
  kid: string;
  key: CryptoKey;
}

/** A kept key pair, ready to sign with RS256. Throws when it is no RSA key. */
export async function importToolSigner(kid: string, privateJwk: JWK): Promise<ToolSigner> {
  const key = await importJWK(privateJwk, 'RS256');
  if (key instanceof Uint8Array) throw new Error('not an RSA key');
  return { kid, key };
}

/** Signs claims of ours, e.g. a client assertion (RFC 7523 § 3). */
export function signClaims(signer: ToolSigner, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: signer.kid })
    .sign(signer.key);
}
