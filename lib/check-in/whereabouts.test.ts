import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../base/course-policy.ts';
import { judgeWhereabouts, readDevicePosition } from './whereabouts.ts';

const asking = {
  ...defaultPolicy,
  allowedNetworks: '192.0.2.0/24 2001:db8::/32',
  roomPosition: '52.52003, 13.40495',
};
/** East of the room. */
const away = (meters: number, accuracyMeters = 0) => ({
  latitude: 52.52003,
  longitude: 13.40495 + meters / 67_668,
  accuracyMeters,
});

describe('the network', () => {
  test.each([
    ['inside', '192.0.2.9', true, []],
    ['inside, IPv6', '2001:db8::9', true, []],
    ['outside', '198.51.100.9', false, ['outside-network']],
    ['not known', null, null, []],
  ])('%s', (_what, address, isNetworkAllowed, flags) => {
    expect(judgeWhereabouts(asking, { address, position: undefined })).toEqual({
      ...{ isNetworkAllowed, distanceMeters: null, flags },
    });
  });
});

describe('the distance', () => {
  test.each([
    ['in the room', away(0, 10), 0, []],
    ['at the edge', away(200), 200, []],
    ['a step too far', away(202), 202, ['far-away']],
    ['too far, and unsure enough that it may be near', away(900, 800), 100, []],
    ['too far, however unsure', away(2000, 800), 1200, ['far-away']],
    ['unsure by a whole town', away(3000, 50_000), 0, []],
    ['not told', undefined, null, []],
  ])('%s', (_what, position, distanceMeters, flags) => {
    const told = judgeWhereabouts(asking, { address: '192.0.2.9', position });
    expect(told).toEqual({ isNetworkAllowed: true, distanceMeters, flags });
  });
});

test('a course that asks for nothing is told nothing, whatever a phone sends', () => {
  const told = judgeWhereabouts(defaultPolicy, { address: '198.51.100.9', position: away(5000) });
  expect(told).toEqual({ isNetworkAllowed: null, distanceMeters: null, flags: [] });
});

test('metres are whole, not negative, and never more than there are', () => {
  fc.assert(
    fc.property(
      fc.record({
        latitude: fc.double({ min: -90, max: 90, noNaN: true }),
        longitude: fc.double({ min: -180, max: 180, noNaN: true }),
        accuracyMeters: fc.double({ min: 0, max: 99_999_999, noNaN: true }),
      }),
      (position) => {
        const { distanceMeters } = judgeWhereabouts(asking, { address: null, position });
        expect(Number.isInteger(distanceMeters)).toBe(true);
        expect(distanceMeters).toBeGreaterThanOrEqual(0);
        expect(distanceMeters).toBeLessThan(20_016_000);
      },
    ),
  );
});

describe('what a phone sends', () => {
  test('is read as its script writes it', () => {
    expect(readDevicePosition('52.52003 13.40495 35')).toEqual({
      ...{ latitude: 52.52003, longitude: 13.40495, accuracyMeters: 35 },
    });
    expect(readDevicePosition('-33.8568 151.2153 12.5')).toMatchObject({ latitude: -33.8568 });
  });
  test.each([
    ...[null, '', 'x', '52.5 13.4', '52.5 13.4 -1', '91 13 5', '52.5 13.4 5 6', '52.5, 13.4, 5'],
    ...['NaN NaN NaN', '52.5 13.4 1e9', `52.5 13.4 ${'9'.repeat(400)}`],
  ])('%j is nothing', (text) => {
    expect(readDevicePosition(text)).toBeUndefined();
  });
});
