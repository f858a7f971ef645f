import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { startCheckIn } from './start-check-in.ts';
import { typeInto } from './type-into.ts';
import { alive } from './tool-frame.ts';
import { words } from './words.ts';

/** Katharina's platform speaks German, Emily's English; the launch decides. */
const teachers = [
  { language: 'de', name: 'Katharina Lindner', course: known.course, date: ['12', '12', '2026'] },
  { language: 'en', name: 'Emily Hartwell', course: known.otherCourse, date: ['12', '12', '2026'] },
] as const;

for (const { language, name, course, date } of teachers) {
  for (const width of [1180, 360]) {
    test(`a teacher plans and changes a meeting (${language}, ${String(width)} px)`, async ({
      openBrowser,
      lms,
    }) => {
      const context = await openBrowser({ viewport: { width, height: 900 } });
      const page = await context.newPage();
      const frame = await lms.openInCourse(page, name, course);
      await expect(frame.locator('html')).toHaveAttribute('lang', language);
      await expectAccessible(page, 'home');
      await expectNoSidewaysScroll(frame, 'home');

      await (await alive(frame.getByRole('button', { name: words('home.add') }))).click();
      await frame.getByRole('menuitem', { name: words('home.add.meeting') }).click();
      const title = `Prüfung ${language} ${String(width)}`;
      await frame.getByRole('textbox', { name: /^(Title|Titel)/ }).fill(title);
      await typeInto(frame, /^(Date|Datum)/, date);
      await typeInto(frame, /^(From|Von|Beginn)/, ['12', '00']);
      await typeInto(frame, /^(To|Bis|Ende)/, ['10', '00']);
      await frame.getByRole('button', { name: words('form.create') }).click();
      await expect(frame.getByText(words('meeting.problem.end-before-start'))).toBeVisible();
      // What was entered is still there, and only the end has to be mended.
      await expect(frame.getByRole('textbox', { name: /^(Title|Titel)/ })).toHaveValue(title);
      await expectAccessible(page, 'form with a problem');
      await expectNoSidewaysScroll(frame, 'form');
      await typeInto(frame, /^(To|Bis|Ende)/, ['14', '30']);
      await frame.getByRole('button', { name: words('form.create') }).click();
      await expect(frame.getByText(title).first()).toBeVisible();

      await frame.getByRole('link', { name: title }).first().click();
      await expect(frame.getByRole('heading', { level: 1, name: title })).toBeVisible();
      await expect(frame.getByRole('row').nth(3)).toBeVisible();
      await expectAccessible(page, 'register');
      await expectNoSidewaysScroll(frame, 'register');

      await frame.getByRole('link', { name: words('register.edit') }).click();
      await frame.getByRole('textbox', { name: /^(Room|Raum)/ }).fill('B 12');
      await frame.getByRole('button', { name: words('form.save') }).click();
      await expect(frame.getByText(/B 12/).first()).toBeVisible();
    });
  }
}

for (const { language, name, course } of teachers) {
  test(`what was changed in a course is a page away from its settings (${language})`, async ({
    page,
    lms,
  }) => {
    const frame = await lms.openInCourse(page, name, course);
    await frame.getByRole('link', { name: words('course.nav.settings') }).click();
    await frame.getByRole('link', { name: words('settings.history') }).click();
    await expect(frame.getByRole('heading', { level: 1, name: words('history.title') })).toBeVisible();
    await expect(
      frame.getByRole('navigation', { name: words('course.nav') }).locator('[aria-current]'),
    ).toHaveText(words('course.nav.settings'));
    await frame
      .getByRole('navigation', { name: words('history.filter') })
      .getByRole('link', { name: words('history.filter.meetings') })
      .click();
    const planned = frame.getByRole('listitem').filter({ hasText: `Prüfung ${language}` });
    await expect(planned.first()).toBeVisible();
    for (const width of [1180, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page, 'history');
      await expectNoSidewaysScroll(frame, 'history');
    }
  });
}

for (const [language, name] of [
  ['de', 'Jonas Brandt'],
  ['en', 'Olivia Whitfield'],
] as const) {
  test(`a student looks at their own attendance on a phone (${language})`, async ({ openPhone, lms }) => {
    const phone = await openPhone('small');
    const frame = await lms.openInCourse(phone, name);
    await expect(frame.locator('html')).toHaveAttribute('lang', language);
    await expect(frame.getByRole('heading', { level: 1, name: words('mine.title') })).toBeVisible();
    await frame.getByRole('textbox', { name: words('mine.code.label') }).fill('0000-0000');
    await frame.getByRole('button', { name: words('mine.code.go') }).click();
    await expect(frame.getByText(words('phone.refused.code-unknown.title'))).toBeVisible();
    await expectAccessible(phone, 'my attendance');
    await expectNoSidewaysScroll(frame, 'my attendance');
  });
}

test('a teacher marks by keyboard alone', async ({ page, lms }) => {
  const frame = await lms.openInCourse(page, 'Katharina Lindner');
  const openRegister = () =>
    frame
      .getByRole('link', { name: /Prüfung de/ })
      .first()
      .click();
  await openRegister();
  const row = frame.getByRole('row', { name: /Übelacker, Friedrich/ });
  await row.getByRole('button', { name: words('register.mark.excused') }).focus();
  await page.keyboard.press('Enter');
  await expect(row.getByText(words('status.excused')).first()).toBeVisible();
  await expect(frame.getByText(words('register.saved')).first()).toBeVisible();

  await page.reload();
  await openRegister();
  await expect(row.getByText(words('status.excused')).first()).toBeVisible();
});

test('the wall, and the pages outside of any course, are accessible', async ({ page, lms, toolUrl }) => {
  const { wall } = await startCheckIn(page, lms);
  await expectAccessible(wall, 'the wall');
  for (const path of ['/', '/c', '/nowhere', '/lti/launch', '/courses/nowhere', '/c/not-a-code']) {
    await page.goto(toolUrl + path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page, path);
  }
});

test('what somebody could not use is found, in a frame as well', async ({ page }) => {
  await page.setContent(
    '<html lang=en><title>Page</title><iframe title=Frame srcdoc="<img src=x>"></iframe>',
  );
  await expect(expectAccessible(page, 'a frame')).rejects.toThrow(/image-alt/);
});
