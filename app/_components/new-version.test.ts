import { afterEach, expect, test, vi } from 'vitest';
import { releaseHeader } from '#lib/base/release.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const answerOf = (release?: string) =>
  new Response('', release === undefined ? {} : { headers: { [releaseHeader]: release } });

/** As a page of this release knows it. */
async function pageOf(release: string) {
  const page = await import('./new-version.tsx');
  vi.stubGlobal('document', { documentElement: { dataset: { release } } });
  return page;
}

test('an answer of another release makes the page say that it is old', async () => {
  const page = await pageOf('before');
  expect(page.isOfOwnRelease(answerOf('before'))).toBe(true);
  expect(page.lostAnswer('form.unreachable')).toBe('form.unreachable');
  expect(page.isOfOwnRelease(answerOf('after'))).toBe(false);
  expect(page.lostAnswer('form.unreachable')).toBe('release.lost');
});

test('nothing is concluded where one of the two has no name: while developing, or from a proxy', async () => {
  const page = await pageOf('before');
  expect(page.isOfOwnRelease(answerOf())).toBe(true);
  vi.stubGlobal('document', { documentElement: { dataset: { release: '' } } });
  expect(page.isOfOwnRelease(answerOf('after'))).toBe(true);
  expect(page.lostAnswer('form.unreachable')).toBe('form.unreachable');
});
