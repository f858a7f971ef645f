import { expect, test } from 'vitest';
import { createScanFilter } from './filter-scans.ts';
import type { SeenCode } from './filter-scans.ts';

const qr = (text: string): SeenCode => ({ text, isSure: true });
const bar = (text: string): SeenCode => ({ text, isSure: false });

/** What is handled of pictures at these milliseconds. */
function handled(pictures: [atMs: number, ...seen: SeenCode[]][]): [number, string][] {
  const filter = createScanFilter();
  return pictures.flatMap(([atMs, ...seen]) => {
    const text = filter(seen, atMs);
    return text === undefined ? [] : [[atMs, text] as [number, string]];
  });
}

test('a code that stays before the camera is one scan', () => {
  const pictures = Array.from({ length: 100 }, (_, index): [number, SeenCode] => [index * 150, qr('a')]);
  expect(handled(pictures)).toEqual([[0, 'a']]);
});

test('a picture in between that shows nothing makes no second scan', () => {
  expect(handled([[0, qr('a')], [150], [300, qr('a')]])).toEqual([[0, 'a']]);
});

test('the same code is taken again once it was out of sight for a while', () => {
  expect(
    handled([
      [0, qr('a')],
      [3_000, qr('a')],
    ]),
  ).toEqual([
    [0, 'a'],
    [3_000, 'a'],
  ]);
});

test('the next code is taken at once', () => {
  expect(
    handled([
      [0, qr('a')],
      [150, qr('b')],
      [300, qr('a')],
    ]).map(([, text]) => text),
  ).toEqual(['a', 'b', 'a']);
});

test('a barcode is taken when two pictures agree; a misread one is not', () => {
  expect(
    handled([
      [0, bar('12')],
      [150, bar('13')],
      [300, bar('12')],
      [450, bar('12')],
      [600, bar('12')],
    ]),
  ).toEqual([[450, '12']]);
});
