import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distanceInMeters, readPosition, spellPosition } from './positions.ts';

test.each([
  ['52.52003, 13.40495', '52.52003, 13.40495'],
  ['52.520031234,13.404951234', '52.52003, 13.40495'],
  ['52.5 13.4', '52.50000, 13.40000'],
  [' 52,52003; 13,40495 ', '52.52003, 13.40495'],
  ['52,52003, 13,40495', '52.52003, 13.40495'],
  ['-33.8568, 151.2153', '-33.85680, 151.21530'],
  ['90, -180', '90.00000, -180.00000'],
])('%j is read as %j', (text, position) => {
  const read = readPosition(text);
  expect(read && spellPosition(read)).toBe(position);
});

test.each(['', '52.5', '52.52003', '91, 13', '52, 181', 'Berlin', '52.5, 13.4, 35', '52.5.1, 13', '5e1, 13'])(
  '%j is no position',
  (text) => {
    expect(readPosition(text)).toBeUndefined();
  },
);

const place = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
});

test.each([
  ['here', '52.52003, 13.40495', '52.52003, 13.40495', 0, 0],
  ['the other end of the hall', '52.52003, 13.40495', '52.52003, 13.40569', 50, 1],
  ['Berlin and Hamburg', '52.52003, 13.40495', '53.55108, 9.99368', 255_300, 1000],
  ['over the date line', '0, 179.9995', '0, -179.9995', 111, 1],
  ['pole to pole', '90, 0', '-90, 0', 20_015_000, 1000],
])('%s', (_what, from, to, meters, margin) => {
  const [one, other] = [readPosition(from), readPosition(to)];
  if (one === undefined || other === undefined) throw new Error('no position');
  expect(Math.abs(distanceInMeters(one, other) - meters)).toBeLessThanOrEqual(margin);
});

test('it is as far there as back, and never farther than round half the earth', () => {
  fc.assert(
    fc.property(place, place, (from, to) => {
      const there = distanceInMeters(from, to);
      expect(Math.abs(there - distanceInMeters(to, from))).toBeLessThan(0.01);
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeLessThan(20_016_000);
    }),
  );
});
