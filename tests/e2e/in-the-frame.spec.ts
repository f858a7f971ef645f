import { known } from '../../demo/people.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { courseOf, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

test('the frame is as high as what it shows', async ({ page, lms, toolUrl }) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const shown = () => page.locator('#tool_content').evaluate((one) => one.clientHeight);
  const needed = () => frame.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
  for (const lines of [100, 300, 150]) {
    await frame.evaluate((count) => {
      document.querySelector('pre')?.remove();
      const tall = document.createElement('pre');
      tall.textContent = '\n'.repeat(count);
      document.body.append(tall);
    }, lines);
    await expect.poll(async () => (await shown()) - (await needed())).toBe(0);
    expect(await shown()).toBeGreaterThan(lines * 10);
  }
});

test('a teacher links a meeting among the contents: to teachers its register, to students their own', async ({
  page,
  lms,
  toolUrl,
  openPhone,
}) => {
  const home = await toolFrame(page, lms, toolUrl, 'Emily Hartwell', known.otherCourse);
  const popup = page.waitForEvent('popup');
  await home.getByRole('button', { name: words('home.start-now') }).click();
  const wall = await popup;
  await wall.waitForURL(/projector$/);
  const meetingId = /meetings\/([\w-]+)\//.exec(wall.url())?.[1] ?? '';
  await wall.close();

  await page.goto(`${lms.url}/courses/${String(known.otherCourse)}/modules`);
  await page.getByRole('link', { name: 'Attendance', exact: true }).last().click();
  const choice = page.frameLocator('#tool_content');
  await choice.locator(`input[value="${meetingId}"]`).check();
  const chooser = page.frames().find((one) => one.url().endsWith('/lti/launch'));
  if (chooser === undefined) throw new Error('the page that asks for the link is not there');
  await expectAccessible(page, 'the choice of a link');
  await choice.getByRole('button', { name: words('link.go') }).click();
  await expect(page).toHaveURL(/\/modules$/);
  const item = page.getByRole('listitem').filter({ has: page.getByRole('button', { name: /^Remove / }) });
  const href = (await item.getByRole('link').getAttribute('href')) ?? '';

  await item.getByRole('link').click();
  const register = page.frameLocator('#tool_content');
  await expect(register.getByRole('row').or(register.getByRole('grid')).first()).toBeVisible();
  expect(
    page.frames().some((one) => one.url() === `${toolUrl}/courses/${courseOf(home)}/meetings/${meetingId}`),
  ).toBe(true);

  const phone = await openPhone('small');
  await lms.signIn(phone, 'Grace Okafor', `/courses/${String(known.otherCourse)}/modules`);
  await phone.locator(`a[href="${href}"]`).click();
  const own = phone.frameLocator('#tool_content');
  await expect(own.getByRole('heading', { level: 1, name: words('mine.title') })).toBeVisible();
  await expect(own.locator(`[id="${meetingId}"]:target`)).toBeVisible();

  await page.goto(`${lms.url}/courses/${String(known.otherCourse)}/modules`);
  await item.getByRole('button', { name: /^Remove / }).click();
});

test('another person in the same browser replaces the first, in the first one’s open tab too', async ({
  page,
  context,
  lms,
  toolUrl,
}) => {
  const teacher = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const newMeeting = `/courses/${courseOf(teacher)}/meetings/new`;
  const statusOf = (path: string) => teacher.evaluate(async (to) => (await fetch(to)).status, path);
  expect(await statusOf(newMeeting)).toBe(200);
  await toolFrame(await context.newPage(), lms, toolUrl, 'Lea Sommer');
  expect(await statusOf(newMeeting)).toBe(403);
  await teacher.goto(`${toolUrl}/courses/${courseOf(teacher)}`);
  await expect(teacher.getByRole('heading', { level: 1, name: words('mine.title') })).toBeVisible();
});

test('a login that is over says so, and where to go', async ({ page, context, lms, toolUrl }) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  // Over https it is __Host-sk_login.
  await context.clearCookies({ name: /sk_login$/ });
  await frame.goto(frame.url());
  await expect(frame.getByRole('heading', { name: words('errors.not-signed-in.title') })).toBeVisible();
  await expect(frame.getByText(words('errors.not-signed-in.todo'))).toBeVisible();
});

test('Back and Forward lead to the tool again, or to words, never to a broken page', async ({
  page,
  lms,
  toolUrl,
}) => {
  await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const frame = page.frameLocator('#tool_content');
  const inWords = frame.getByRole('heading', {
    level: 1,
    name: words('home.title', 'errors.platform-refused.title', 'errors.launch-replayed.title'),
  });
  // How many steps a browser keeps of what the frame went through is its own affair: each must be a good one.
  const course = `${lms.url}/courses/${String(known.course)}`;
  for (let step = 0; page.url() !== course; step += 1) {
    expect(step).toBeLessThan(10);
    await expect(inWords).toBeVisible();
    // So that the next look is at the next page.
    await frame.locator(':root').evaluate((root) => {
      root.dataset.seen = 'yes';
    });
    await page.evaluate(() => {
      window.history.back();
    });
    await expect
      .poll(async () => page.url() === course || (await frame.locator(':root[data-seen]').count()) === 0)
      .toBe(true);
  }
  await page.evaluate(() => {
    window.history.forward();
  });
  await expect(inWords).toBeVisible();
});
