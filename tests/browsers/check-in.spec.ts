import { words } from '../e2e/words.ts';
import { expect, test } from './fixtures.ts';
import { openTool, startButton } from './open-tool.ts';
import { until } from './until.ts';

test('a student checks in, and the register shows it', async ({ browserCase, openBrowser, lms }) => {
  const { name, listName } = browserCase.student;
  const teacher = await openBrowser();
  const course = await openTool(await lms.openInCourse(teacher.tab, 'Katharina Lindner'), browserCase.sticks);
  const wall = await course.clickToNewWindow(startButton);
  const code = await wall.attribute('[data-testid="qr"]', 'data-code-url');

  const { tab: phone } = await openBrowser();
  await phone.goTo(code);
  await phone.click(`a[href^="${lms.url}/"]`);
  await phone.waitForPath(/^\/login$/);
  // The sign-in page shows the first of a long list; its search finds everybody.
  const search = await phone.call(
    (wanted) => `${location.href}&${new URLSearchParams({ q: wanted }).toString()}`,
    name,
  );
  await phone.goTo(search);
  await phone.click(`button.person[data-name=${JSON.stringify(name)}]`);
  await phone.waitForPath(/^\/c\/result\//);
  expect(await phone.text('h1')).toMatch(words('phone.result.checked-in.title'));

  // By the live stream, without a reload.
  await wall.says(new RegExp(`${listName}|${name}`));
  const register = (await wall.waitForPath(/\/projector$/)).replace(/\/projector$/, '');
  await wall.goTo(new URL(register, code).href);
  // As text content: rows that are out of sight are not drawn.
  const row = await until(`the row of ${listName}`, () =>
    wall.call((wanted) => {
      const rows = [...document.querySelectorAll('[data-membership]')];
      const found = rows.find((one) => one.textContent.includes(wanted));
      return found && [...found.querySelectorAll('span')].map((one) => one.textContent);
    }, listName),
  );
  expect(row).toContainEqual(expect.stringMatching(words('status.present', 'status.late')));
});
