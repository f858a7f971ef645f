import { expect, test } from './fixtures.ts';
import { startCheckIn } from './start-check-in.ts';
import { words } from './words.ts';

test('a newcomer without a phone at hand: the demo’s phone, beside a teacher who stays signed in', async ({
  page,
  context,
  lms,
}) => {
  const { frame, wall } = await startCheckIn(page, lms);
  const typed = (await wall.getByTestId('typed-code').textContent()) ?? '';

  const picker = await context.newPage();
  await picker.goto(`${lms.url}/phone`);
  const phoneOpened = context.waitForEvent('page');
  await picker
    .getByRole('link', { name: /Valentina Rossi/ })
    .or(picker.getByRole('button', { name: /Valentina Rossi/ }))
    .first()
    .click();
  const phone = await Promise.race([phoneOpened, picker.waitForURL(/\.localhost/).then(() => picker)]);
  const camera = phone.locator('form[data-camera]');
  await camera.locator('input').fill(typed);
  await camera.getByRole('button').first().click();
  const screen = phone.frameLocator('iframe[name="phone_screen"]');
  await screen.getByRole('link', { name: words('phone.sign-in.go.in') }).click();
  await screen
    .getByRole('button', { name: /Valentina Rossi/ })
    .first()
    .click();
  await expect(screen.getByRole('heading', { name: words('phone.result.checked-in.title') })).toBeVisible();

  // Two people in one browser: the teacher's page and wall are still the teacher's.
  await expect(wall.getByText('Rossi').first()).toBeVisible();
  await page.reload();
  await expect(frame.getByRole('button', { name: words('home.add') })).toBeVisible();
});
