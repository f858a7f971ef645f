import { expect, test } from './fixtures.ts';
import { pageChanges } from './secure-stack.ts';
import { findWhatSticks } from './what-sticks.ts';

test('what the tool can keep in the platform’s page', async ({ browserCase, openBrowser, lms, toolUrl }) => {
  const { tab, version } = await openBrowser();
  await lms.openInCourse(tab, 'Katharina Lindner', pageChanges.withoutLaunch.query);
  const sticks = await findWhatSticks(tab, toolUrl);
  const list = (kept: boolean): string => {
    const names = Object.entries(sticks).flatMap(([name, is]) => (is === kept ? [name] : []));
    return names.length === 0 ? 'nothing' : names.join(', ');
  };
  console.log(`     ${version} keeps ${list(true)}; refuses ${list(false)}`);
  expect(sticks).toEqual(browserCase.sticks);
});
