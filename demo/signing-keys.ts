import type { CryptoKey, JWK } from 'jose';
import { exportJWK, generateKeyPair, importJWK } from 'jose';
import type { StateFile } from './state.ts';

interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

/** How many public keys stay published: the one that signs and those that signed before it. */
const publishedKeys = 3;

/** The platform's RS256 keys. Their ids are dated by month, as Canvas' are. */
export class SigningKeys {
  readonly #file: StateFile;
  #keys: SigningKey[];

  private constructor(file: StateFile, keys: SigningKey[]) {
    this.#file = file;
    this.#keys = keys;
  }

  static async open(file: StateFile, now: Date): Promise<SigningKeys> {
    const keys = new SigningKeys(file, await Promise.all(file.state.keys.map((jwk) => readKey(jwk))));
    if (keys.#keys.length === 0) await keys.rotate(now);
    return keys;
  }

  current(): SigningKey {
    const key = this.#keys.at(-1);
    if (key === undefined) throw new Error('the platform has no signing key');
    return key;
  }

  published(): JWK[] {
    return this.#keys.map((key) => key.publicJwk);
  }

  /** A new key signs from now on; the last ones stay published, so that launches under way still verify. */
  async rotate(now: Date): Promise<string> {
    const kid = `${now.toISOString().slice(0, 7)}-${crypto.randomUUID()}`;
    const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
    const jwk: JWK = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
    this.#keys = [...this.#keys, await readKey(jwk)].slice(-publishedKeys);
    this.#file.state.keys = [...this.#file.state.keys, { ...jwk }].slice(-publishedKeys);
    this.#file.save();
    return kid;
  }
}

async function readKey(jwk: JWK): Promise<SigningKey> {
  const privateKey = await importJWK(jwk, 'RS256');
  if (!('type' in privateKey) || typeof jwk.kid !== 'string') throw new Error('not an RS256 key pair');
  const { kty, n, e } = jwk;
  return {
    kid: jwk.kid,
    privateKey,
    publicJwk: { kty, n, e, kid: jwk.kid, alg: 'RS256', use: 'sig' },
  };
}
