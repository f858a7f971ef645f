import { expect, test } from 'vitest';
import { readCanvasTime } from './canvas-time.ts';

const end = '2027-07-31T21:59:59.000Z';

test.each([
  ['2027-07-31 23:59:59 +0200', end],
  ['2027-07-31 21:59:59 UTC', end],
  ['2027-07-31T21:59:59Z', end],
  ['2027-07-31T23:59:59+02:00', end],
  ['2027-07-31T21:59:59.000Z', end],
])('%s', (text, expected) => {
  expect(readCanvasTime(text)?.toISOString()).toBe(expected);
});

test.each([
  undefined,
  '',
  'never',
  '2027-07-31',
  '2027-07-31 23:59:59',
  '2027-13-31 23:59:59 UTC',
  `${end} x`,
])('no moment: %s', (text) => {
  expect(readCanvasTime(text)).toBeUndefined();
});
