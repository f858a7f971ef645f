import { expect, test } from './fixtures.ts';

test('a newcomer is led from the start page into the course', async ({ page, lms }) => {
  await page.goto(lms.url);
  await page.getByRole('button', { name: 'Open the course', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`^${lms.url}/courses/101`));
});

test('two browsers are two people at the same time', async ({ page, lms, openPhone }) => {
  await lms.signIn(page, 'Katharina Lindner', '/courses/101');
  const phone = await openPhone('small');
  await lms.signIn(phone, "Zoë O'Brien", '/courses/101');
  await page.reload();
  await expect(page.getByText('Katharina Lindner').first()).toBeVisible();
  await expect(phone.getByText("Zoë O'Brien").first()).toBeAttached();
  expect(await phone.evaluate(() => [document.documentElement.scrollWidth, innerWidth])).toEqual([360, 360]);
});
