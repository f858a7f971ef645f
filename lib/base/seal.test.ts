import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyedHash, reseal, seal, tokenHash, unseal } from './seal.ts';

const secrets = { current: 'n0t-known-to-anybody-kqPz81Lm2vR7wTx4' };

describe('sealed text', () => {
  test('opens again for its purpose, whatever was sealed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(unseal(secrets, 'scan-ticket', seal(secrets, 'scan-ticket', plain))).toEqual(plain);
      }),
    );
  });

  test('stays shut for another purpose and another secret', () => {
    const sealed = seal(secrets, 'scan-ticket', { id: 1 });
    expect(unseal(secrets, 'hand-over', sealed)).toBeUndefined();
    expect(unseal({ current: 'another-secret-that-nobody-knows-77' }, 'scan-ticket', sealed)).toBeUndefined();
  });

  test('opens with the previous secret after a change', () => {
    const sealed = seal(secrets, 'tool-key', 'key');
    const changed = { current: 'another-secret-that-nobody-knows-77', previous: secrets.current };
    expect(unseal(changed, 'tool-key', sealed)).toBe('key');
  });

  test('is sealed anew with the current secret, once', () => {
    const sealed = seal(secrets, 'tool-key', 'key');
    const changed = { current: 'another-secret-that-nobody-knows-77', previous: secrets.current };
    const anew = reseal(changed, 'tool-key', sealed) ?? '';
    expect(unseal({ current: changed.current }, 'tool-key', anew)).toBe('key');
    expect(reseal(changed, 'tool-key', anew)).toBe(anew);
    expect(reseal({ current: changed.current }, 'tool-key', sealed)).toBeUndefined();
  });

  test('a single changed bit is noticed', () => {
    const sealed = Buffer.from(seal(secrets, 'scan-ticket', { id: 1 }), 'base64url');
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Buffer.from(sealed);
        const at = Math.floor(bit / 8);
        changed[at] = (changed[at] ?? 0) ^ (1 << (bit % 8));
        expect(unseal(secrets, 'scan-ticket', changed.toString('base64url'))).toBeUndefined();
      }),
    );
  });

  test.each(['', 'x', '....', 'A'.repeat(27)])('%j is no sealed text', (text) => {
    expect(unseal(secrets, 'scan-ticket', text)).toBeUndefined();
  });

  test('a keyed hash recognises, and differs by purpose', () => {
    expect(keyedHash(secrets, 'network', '192.0.2.0/24')).toBe(keyedHash(secrets, 'network', '192.0.2.0/24'));
    expect(keyedHash(secrets, 'network', 'x')).not.toBe(keyedHash(secrets, 'window-secret', 'x'));
  });

  test('a token’s hash is its SHA-256: the same with every secret', () => {
    expect(tokenHash('')).toBe('47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU');
  });
});
