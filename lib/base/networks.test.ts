import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isInNetworks, nearestAddress, readNetworks } from './networks.ts';

describe('a list of networks', () => {
  test.each([
    ['', ''],
    ['  \n', ''],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.7', '192.0.2.7'],
    ['10.0.0.0/8, 2001:DB8::/32;\n10.0.0.0/8', '10.0.0.0/8 2001:db8::/32'],
    ['::/0 0.0.0.0/0', '::/0 0.0.0.0/0'],
  ])('%j is kept as %j', (text, networks) => {
    expect(readNetworks(text)).toEqual({ ok: true, networks });
  });
  test.each([
    ['10.0.0.0/33', '10.0.0.0/33'],
    ['192.0.2.0/24 campus', 'campus'],
    ['10.0.0/8', '10.0.0/8'],
    ['256.0.0.1', '256.0.0.1'],
    ['2001:db8::/129', '2001:db8::/129'],
    ['10.0.0.0/', '10.0.0.0/'],
    ['10.0.0.0/-1', '10.0.0.0/-1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['192.0.2.1-192.0.2.9', '192.0.2.1-192.0.2.9'],
  ])('%j: %j is none', (text, wrong) => {
    expect(readNetworks(text)).toEqual({ ok: false, wrong });
  });
  test('ends after fifty', () => {
    const some = (count: number) =>
      Array.from({ length: count }, (_, n) => `10.0.${String(n)}.0/24`).join(' ');
    expect(readNetworks(some(50)).ok).toBe(true);
    expect(readNetworks(some(51))).toEqual({ ok: false, wrong: '10.0.50.0/24' });
  });
});

describe('an address', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.77/24', '192.0.2.1', true],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['10.0.0.0/8 2001:db8::/32', '2001:db8:ffff::1', true],
    ['10.0.0.0/8 2001:db8::/32', '2001:db9::1', false],
    ['10.0.0.0/8', '2001:db8::1', false],
    ['0.0.0.0/0', '198.51.100.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
  ])('%s, %s: %s', (networks, address, expected) => {
    expect(isInNetworks(networks, address)).toBe(expected);
  });
  test('lies in every network that is cut out of it, and in none beside', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 32 }), (address, bits) => {
        expect(isInNetworks(`${address}/${String(bits)}`, address)).toBe(true);
        const octets = address.split('.').map(Number);
        const first = (octets[0] ?? 0) ^ 0x80;
        expect(isInNetworks(`${address}/${String(bits)}`, [first, ...octets.slice(1)].join('.'))).toBe(false);
      }),
    );
  });
});

test.each([
  [null, null],
  ['', null],
  ['unknown', null],
  ['198.51.100.9', '198.51.100.9'],
  ['10.0.0.1, 198.51.100.9', '198.51.100.9'],
  ['198.51.100.9:4711', '198.51.100.9'],
  ['::ffff:198.51.100.9', '198.51.100.9'],
  ['2001:DB8::1', '2001:db8::1'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['198.51.100.9, ', null],
  ['fe80::1%eth0', null],
])('X-Forwarded-For %j comes from %j', (header, address) => {
  expect(nearestAddress(header)).toBe(address);
});
