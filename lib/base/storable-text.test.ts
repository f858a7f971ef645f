import { expect, test } from 'vitest';
import { storableText } from './storable-text.ts';

test.each([
  ['as it is', 'Łucja 😀', 'Łucja 😀'],
  ['NUL', 'a\0b', 'ab'],
  ['the first half of an emoji', 'a\ud83d', 'a\ufffd'],
  ['the second half', '\ude00a', '\ufffda'],
])('%s', (_, given, kept) => {
  expect(storableText(given)).toBe(kept);
});
