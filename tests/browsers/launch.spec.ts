import { openTool } from './open-tool.ts';
import { test } from './fixtures.ts';
import { pageChanges } from './secure-stack.ts';

const teacher = 'Katharina Lindner';

test('a teacher opens the course', async ({ browserCase, openBrowser, lms }) => {
  const { tab } = await openBrowser();
  await openTool(await lms.openInCourse(tab, teacher), browserCase.sticks);
});

test('the same where the platform has no storage for tools', async ({ browserCase, openBrowser, lms }) => {
  const { tab } = await openBrowser();
  const frame = await lms.openInCourse(tab, teacher, pageChanges.withoutStorage.query);
  await openTool(frame, { ...browserCase.sticks, platformStorage: false });
});
