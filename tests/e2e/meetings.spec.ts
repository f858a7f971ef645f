import type { FrameLocator, Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { alive } from './tool-frame.ts';
import { typeInto } from './type-into.ts';
import { words } from './words.ts';

/** Opens what stands in the menu of the home, by keyboard. */
async function add(page: Page, frame: FrameLocator, way: 'meeting' | 'series'): Promise<void> {
  await (await alive(frame.getByRole('button', { name: words('home.add') }))).focus();
  await page.keyboard.press('Enter');
  await frame.getByRole('menuitem', { name: words(`home.add.${way}`) }).focus();
  await page.keyboard.press('Enter');
  await expect(
    frame.getByRole('heading', {
      level: 1,
      name: words(way === 'meeting' ? 'form.new.title' : 'series.title'),
    }),
  ).toBeVisible();
}

async function press(page: Page, frame: FrameLocator, role: 'button' | 'checkbox' | 'radio', name: RegExp) {
  const control = frame.getByRole(role, { name }).first();
  await control.focus();
  await page.keyboard.press(role === 'button' ? 'Enter' : 'Space');
}

for (const width of [1180, 360]) {
  test(`a teacher plans, changes and calls off a series by keyboard (${String(width)} px)`, async ({
    openBrowser,
    lms,
  }) => {
    const page = await (await openBrowser({ viewport: { width, height: 900 } })).newPage();
    const frame = await lms.openInCourse(page, 'Emily Hartwell', known.otherCourse);
    const title = `Workshop ${String(width)}`;
    await add(page, frame, 'series');
    await frame.getByRole('textbox', { name: /^Title/ }).fill(title);
    // Whatever weekday is suggested: Tuesday and Thursday are wanted.
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
      const box = frame.getByRole('checkbox', { name: day });
      if ((await box.isChecked()) !== (day === 'Tuesday' || day === 'Thursday')) {
        await press(page, frame, 'checkbox', new RegExp(`^${day}$`));
      }
    }
    // 2 February 2027 is a Tuesday.
    await typeInto(frame, /^First day/, ['2', '2', '2027']);
    await press(page, frame, 'radio', words('series.ends.date'));
    await typeInto(frame, /^Last day/, ['1', '2', '2027']);
    await press(page, frame, 'button', words('series.show'));
    await expect(frame.getByText(words('series.problem.until-before-start'))).toBeVisible();
    await expect(frame.getByRole('textbox', { name: /^Title/ })).toHaveValue(title);
    await expectAccessible(page, 'series with a problem');

    await typeInto(frame, /^Last day/, ['26', '2', '2027']);
    await press(page, frame, 'button', words('series.show'));
    // Two weekdays for four weeks.
    await expect(frame.getByRole('heading', { name: '8 meetings' })).toBeVisible();
    await press(page, frame, 'checkbox', /^Thu, 11 Feb/);
    await expect(frame.getByRole('heading', { name: '7 meetings' })).toBeVisible();
    await expect(frame.getByRole('checkbox', { name: /^Thu, 11 Feb/ })).not.toBeChecked();
    await expectAccessible(page, 'dates of a series');
    await expectNoSidewaysScroll(frame, 'dates of a series');
    await press(page, frame, 'button', /^Create 7 meetings$/);
    const lines = frame.getByRole('link', { name: title, exact: true });
    await expect(lines).toHaveCount(7);

    // The third and those that follow move to another room.
    const edit = frame.getByRole('link', { name: `Edit ${title}` });
    await edit.nth(2).focus();
    await page.keyboard.press('Enter');
    await frame.getByRole('textbox', { name: /^Room/ }).fill(`R ${String(width)}`);
    await press(page, frame, 'radio', /^this and the/);
    await press(page, frame, 'button', words('form.save'));
    await expect(frame.getByText('5 meetings change.')).toBeVisible();
    await expectAccessible(page, 'what a change would do');
    await press(page, frame, 'button', /^Save 5 meetings$/);
    await expect(frame.getByText(new RegExp(`^Room R ${String(width)}$`))).toHaveCount(5);

    // The last is called off, and takes place after all.
    await edit.nth(6).focus();
    await page.keyboard.press('Enter');
    await press(page, frame, 'button', words('form.call-off'));
    await expect(frame.getByRole('menuitem')).toHaveCount(2);
    await expect(frame.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(frame.getByText('The meeting is cancelled.')).toBeVisible();
    await expectAccessible(page, 'a cancelled meeting');
    await press(page, frame, 'button', words('form.undo'));
    await expect(frame.getByText('The meeting is planned again.')).toBeVisible();

    // The whole series goes, and comes back.
    await press(page, frame, 'button', words('form.delete'));
    await expect(frame.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.press('End');
    await expect(frame.getByRole('menuitem').last()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(frame.getByText('7 meetings are deleted.')).toBeVisible();
    await press(page, frame, 'button', words('form.undo'));
    await expect(frame.getByText('7 meetings are there again.')).toBeVisible();
    await frame.getByRole('link', { name: words('form.to-meetings') }).click();
    await expect(lines).toHaveCount(7);
  });
}

test('a meeting over midnight, with breaks by the clock and a link', async ({ page, lms }) => {
  const frame = await lms.openInCourse(page, 'Emily Hartwell', known.otherCourse);
  await add(page, frame, 'meeting');
  await frame.getByRole('textbox', { name: /^Title/ }).fill('Night shift');
  // Before the course's last meeting, which the next form begins with.
  await typeInto(frame, /^Date/, ['5', '1', '2027']);
  await typeInto(frame, /^From/, ['22', '00']);
  await typeInto(frame, /^To/, ['02', '00']);
  await press(page, frame, 'checkbox', words('form.ends-next-day'));
  await press(page, frame, 'radio', words('form.breaks.times'));
  if ((await frame.getByRole('group', { name: /^Break 1 from/ }).count()) === 0) {
    await press(page, frame, 'button', words('form.break.add'));
  }
  await typeInto(frame, /^Break 1 from/, ['23', '50']);
  await typeInto(frame, /^Break 1 to/, ['03', '10']);
  await frame.getByRole('textbox', { name: /^Online link/ }).fill('http://meet.example/night');
  await press(page, frame, 'button', words('form.create'));
  await expect(frame.getByText(words('meeting.problem.online-url'))).toBeVisible();
  await frame.getByRole('textbox', { name: /^Online link/ }).fill('https://meet.example/night');
  await press(page, frame, 'button', words('form.create'));
  await expect(frame.getByText(words('meeting.problem.break-outside'))).toBeVisible();
  await typeInto(frame, /^Break 1 to/, ['00', '10']);
  await press(page, frame, 'button', words('form.create'));
  await expect(frame.getByRole('link', { name: 'Night shift', exact: true })).toBeVisible();
  await expect(frame.getByRole('link', { name: /meet\.example/ })).toHaveAttribute(
    'href',
    'https://meet.example/night',
  );

  // What was said is what the form says again.
  await frame.getByRole('link', { name: 'Edit Night shift' }).click();
  await expect(frame.getByRole('checkbox', { name: words('form.ends-next-day') })).toBeChecked();
  await expect(frame.getByRole('group', { name: /^Break 1 to/ })).toContainText('00:10');

  // A copy is the same a week later.
  await frame.getByRole('link', { name: words('form.copy') }).click();
  await expect(frame.getByRole('textbox', { name: /^Title/ })).toHaveValue('Night shift');
  await expect(frame.getByRole('group', { name: /^Date/ }).first()).toContainText('12');

  // With other times it has to be said anew: nobody plans 22 hours by a slip.
  const endsNextDay = frame.getByRole('checkbox', { name: words('form.ends-next-day') });
  await expect(endsNextDay).toBeChecked();
  await typeInto(frame, /^To/, ['10', '00']);
  await expect(endsNextDay).not.toBeChecked();
});
