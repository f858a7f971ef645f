import type { FrameLocator, Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expect, test } from './fixtures.ts';
import { alive } from './tool-frame.ts';
import { typeInto } from './type-into.ts';
import { words } from './words.ts';

/** The browser's own lines about a network that the test takes away. */
const lostNetwork = /net::ERR_(FAILED|INTERNET_DISCONNECTED)/;

const day = (offset: number) => {
  const at = new Date();
  at.setDate(at.getDate() + offset);
  return at;
};
/** As one types it into the German form. */
const pieces = (at: Date) => [
  String(at.getDate()).padStart(2, '0'),
  String(at.getMonth() + 1).padStart(2, '0'),
  String(at.getFullYear()),
];

/** A lecture for one section, held two weeks ago and one week ago on the same weekday. */
async function planSeries(frame: FrameLocator, section: string, from: string, to: string): Promise<void> {
  await (await alive(frame.getByRole('button', { name: words('home.add') }))).click();
  await frame.getByRole('menuitem', { name: words('home.add.series') }).click();
  await frame.getByRole('textbox', { name: /^(Title|Titel)/ }).fill(section);
  await typeInto(frame, words('series.start'), pieces(day(-14)));
  const weekday = day(-14).toLocaleDateString('de-DE', { weekday: 'long' });
  for (const box of await frame
    .getByRole('group', { name: words('series.weekdays') })
    .getByRole('checkbox')
    .all()) {
    await box.setChecked((await box.getAttribute('aria-label')) === weekday, { force: true });
  }
  await typeInto(frame, words('form.from'), from.split(':'));
  await typeInto(frame, words('form.to'), to.split(':'));
  await frame.getByRole('textbox', { name: words('form.breaks.minutes', 'form.break') }).fill('0');
  await frame.getByRole('radio', { name: words('series.ends.count') }).check({ force: true });
  await frame.getByRole('textbox', { name: words('series.count') }).fill('2');
  await frame.getByText(/^(More|Mehr)\b/).click();
  await frame.getByRole('checkbox', { name: `Vorlesung ${section}` }).check({ force: true });
  await frame.getByRole('button', { name: words('series.show') }).click();
  await frame.getByRole('button', { name: /^2 Termine anlegen$/ }).click();
  await expect(frame.getByRole('link', { name: section, exact: true })).toHaveCount(2);
}

const rowOf = (frame: FrameLocator, name: string) =>
  frame.locator('[data-membership]').filter({ has: frame.getByText(name, { exact: true }) });
const saved = (frame: FrameLocator) =>
  expect(frame.getByTestId('save-state')).toHaveText(words('register.saved'));

/** Finds a name by typing, and stands on its row. */
async function find(page: Page, frame: FrameLocator, wish: string, name: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  // At once, as somebody in a hurry: Enter waits for the list.
  await page.keyboard.type(wish);
  await page.keyboard.press('Enter');
  await expect(rowOf(frame, name)).toBeFocused();
  await expect(frame.locator('[data-membership]')).toHaveCount(1);
}

test('a teacher’s working day with 600 students, one of whom has changed sections', async ({
  page,
  context,
  lms,
  faults,
}) => {
  test.slow();
  const frame = await lms.openInCourse(page, 'Matthias Kröger', known.largeCourse);
  await frame.getByRole('link', { name: words('course.nav.members') }).click();
  await expect(frame.getByText(/^601 /).first()).toBeVisible({ timeout: 60_000 });

  // Two series are planned, for a section each.
  await frame.getByRole('link', { name: words('course.nav.meetings') }).click();
  await planSeries(frame, 'Nord', '09:00', '10:30');
  await planSeries(frame, 'Süd', '14:00', '16:00');

  // Alina goes from Nord to Süd, and the list tells it.
  const alina = 'Arndt, Alina';
  const moved = await page.request.patch(`${lms.url}/demo/control/members`, {
    data: { courseId: known.largeCourse, personId: 3001, sectionId: 2302 },
  });
  expect(moved.ok()).toBe(true);
  await frame.getByRole('link', { name: words('course.nav.members') }).click();
  await frame.getByRole('button', { name: words('member-sync.now') }).click();
  await frame.getByRole('textbox', { name: words('member-list.search') }).fill('alina arndt');
  await expect(frame.getByRole('row', { name: /Arndt, Alina.*Süd/ })).toBeVisible({ timeout: 60_000 });
  await frame.getByRole('link', { name: alina }).click();

  // It happened ten days ago already: the teacher says so.
  await frame.getByRole('button', { name: words('member-spans.edit') }).click();
  const field = (name: RegExp, index: number) => frame.getByRole('group', { name }).nth(index);
  const fill = async (group: ReturnType<typeof field>, text: readonly string[]) => {
    for (const [index, piece] of text.entries()) {
      await group.getByRole('spinbutton').nth(index).focus();
      await group.getByRole('spinbutton').nth(index).pressSequentially(piece);
    }
  };
  await fill(field(words('member-spans.to'), 0), pieces(day(-10)));
  await fill(field(words('member-spans.from'), 1), pieces(day(-9)));
  await frame.getByRole('button', { name: words('member-spans.save') }).click();
  await expect(frame.getByText(words('member-spans.saved'))).toBeVisible();

  // The first lecture of Nord: all were there.
  await frame.getByRole('link', { name: words('course.nav.meetings') }).click();
  await frame.getByRole('link', { name: 'Nord', exact: true }).last().click();
  await expect(frame.locator('[data-membership]')).toHaveCount(300);
  await expect(rowOf(frame, alina)).toBeVisible();
  await frame.locator('[data-bulk="present"]').click();
  await expect(frame.locator('[data-count="present"]')).toContainText('300');
  await saved(frame);

  // The second of Süd, by keyboard, and the network goes in the middle of it.
  await frame.getByRole('link', { name: words('course.nav.meetings') }).click();
  await frame.getByRole('link', { name: 'Süd', exact: true }).first().click();
  await expect(frame.locator('[data-membership]')).toHaveCount(301);
  await frame.locator('[data-membership]').first().focus();
  await find(page, frame, 'alina arndt', alina);
  await page.keyboard.press('l');
  // The meeting is over: the editor opens and asks for the time.
  const editor = frame.getByRole('dialog', { name: alina });
  await expect(editor.getByRole('spinbutton').first()).toBeFocused();
  await page.keyboard.type('1420');
  await page.keyboard.press('Enter');
  await saved(frame);
  await context.setOffline(true);
  await find(page, frame, 'moller ben', 'Möller, Ben');
  await page.keyboard.press('a');
  await find(page, frame, 'moller cem', 'Möller, Cem');
  await page.keyboard.press('x');
  await expect(frame.getByTestId('save-state')).toContainText(/^2 /);
  await context.setOffline(false);
  await saved(frame);
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await frame.locator('[data-bulk="absent"]').click();
  await saved(frame);

  // The register as it stands in the database, read again.
  await frame.getByRole('link', { name: words('course.nav.meetings') }).click();
  await frame.getByRole('link', { name: 'Süd', exact: true }).first().click();
  for (const [status, count] of [
    ['late', 1],
    ['excused', 1],
    ['absent', 299],
    ['untaken', 0],
  ] as const) {
    await expect(frame.locator(`[data-count="${status}"]`)).toContainText(String(count));
  }
  await expect(rowOf(frame, alina).getByText('14:20–16:00')).toBeVisible();

  // Since she moved she is not due in Nord any more.
  await frame.getByRole('link', { name: words('course.nav.meetings') }).click();
  await frame.getByRole('link', { name: 'Nord', exact: true }).first().click();
  await expect(frame.locator('[data-membership]')).toHaveCount(299);
  await expect(rowOf(frame, alina)).toHaveCount(0);

  // Her figures: 90 minutes in Nord and 120 in Süd were expected, all of the one and 100 of the other count.
  await frame.getByRole('link', { name: words('course.nav.members') }).click();
  await frame.getByRole('textbox', { name: words('member-list.search') }).fill('alina arndt');
  await frame.getByRole('link', { name: alina }).click();
  await expect(frame.getByText(/3\sh 10\smin .* 3\sh 30\smin/)).toBeVisible();
  await frame.getByText(words('members.figures.open')).click();
  const counted = frame.getByRole('table').getByRole('row');
  await expect(counted.filter({ hasText: 'Nord' })).toContainText(/1\sh 30\smin/);
  await expect(counted.filter({ hasText: 'Süd' })).toContainText(/1\sh 40\smin/);

  // And the history tells the same, with who did it.
  const history = frame.getByRole('region', { name: words('members.history.title') });
  await expect(history.getByText(/Kröger.*14:20/)).toBeVisible();
  await expect(history.getByText(words('history.membership.spans-changed')).first()).toBeVisible();

  const others = faults.filter((fault) => !lostNetwork.test(fault));
  faults.splice(0, faults.length, ...others);
});
