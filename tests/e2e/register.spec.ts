import type { FrameLocator, Locator, Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { courses } from '#lib/db/schema.ts';
import config from '../../playwright.config.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, forgetLostNetwork, test } from './fixtures.ts';
import type { Lms } from './fixtures.ts';
import { alive } from './tool-frame.ts';
import { typeInto } from './type-into.ts';
import { words } from './words.ts';
import { ownStage } from '../support/e2e-stages.ts';

const launch = config.use?.launchOptions;

test.use({
  launchOptions: {
    ...launch,
    // Playwright switches the partitioning of storage off, and with it all storage in a frame of another site. The
    // browsers of today have it on. The last list counts.
    args: [...(launch?.args ?? []), '--disable-features=Translate,OptimizationHints,MediaRouter'],
  },
});

let database: OpenDatabase;
test.beforeAll(() => {
  const { toolEnv } = ownStage();
  database = openDatabase(toolEnv.DATABASE_URL ?? '', { poolMax: 1, onIdleError: () => undefined });
});
test.afterAll(() => database.close());

test.afterEach(({ faults }) => {
  forgetLostNetwork(faults);
});

const teacher = 'Katharina Lindner';
const assistant = 'Tobias Ahrens';
let meetings = 0;

/** A meeting of the past, 09:00 to 12:00, of which nobody has a record yet. */
async function planMeeting(page: Page, lms: Lms): Promise<{ frame: FrameLocator; title: string }> {
  const frame = await lms.openInCourse(page, teacher);
  const title = `Labor ${String((meetings += 1))}`;
  await (await alive(frame.getByRole('button', { name: words('home.add') }))).click();
  await frame.getByRole('menuitem', { name: words('home.add.meeting') }).click();
  await frame.getByRole('textbox', { name: /^(Title|Titel)/ }).fill(title);
  await typeInto(frame, /^(Date|Datum)/, [String(meetings).padStart(2, '0'), '10', '2026']);
  await typeInto(frame, /^(From|Von|Beginn)/, ['09', '00']);
  await typeInto(frame, /^(To|Bis|Ende)/, ['12', '00']);
  await frame.getByRole('button', { name: words('form.create') }).click();
  await openMeeting(frame, title);
  return { frame, title };
}

async function openMeeting(frame: FrameLocator, title: string): Promise<void> {
  await frame.getByRole('link', { name: title, exact: true }).first().click();
  await expect(frame.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(rowOf(frame, 'Sommer, Lea')).toBeVisible();
}

const rowOf = (frame: FrameLocator, name: string): Locator =>
  frame.locator('[data-membership]').filter({ has: frame.getByText(name, { exact: true }) });
const saveState = (frame: FrameLocator) => frame.getByTestId('save-state');
const saved = (frame: FrameLocator) => expect(saveState(frame)).toHaveText(words('register.saved'));

/** Refuses a page's marks the network, whatever else it may load. */
async function loseMarks(page: Page): Promise<void> {
  await page.route('**/marks', (route) => route.abort());
}

/** The way is free again. A page that tries by itself may be faster than the click: its button goes then. */
async function findMarks(page: Page, frame: Parameters<typeof saveState>[0]): Promise<void> {
  await page.unrouteAll({ behavior: 'wait' });
  const again = saveState(frame).getByRole('button', { name: words('register.unsaved.try') });
  await expect
    .poll(async () => {
      await again.evaluateAll((buttons: HTMLElement[]) => {
        for (const button of buttons) button.click();
      });
      return again.count();
    })
    .toBe(0);
}

test('a teacher marks by keyboard alone, and types when somebody came', async ({ page, lms }) => {
  const { frame, title } = await planMeeting(page, lms);
  await expectAccessible(page, 'register');

  // Find by typing, on to the list, mark.
  await frame.getByRole('searchbox', { name: words('register.search') }).focus();
  await page.keyboard.type('ozturk');
  await expect(frame.locator('[data-membership]')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await page.keyboard.press('x');
  const jurgen = rowOf(frame, 'Öztürk, Jürgen');
  await expect(jurgen.getByText(words('status.excused'))).toBeVisible();
  await page.keyboard.press('Backspace');
  await expect(jurgen.getByText(words('status.untaken'))).toBeVisible();

  // Late: the meeting is over, so the time is asked for, and minutes are shown while it is typed.
  await page.keyboard.press('l');
  const editor = frame.getByRole('dialog', { name: 'Öztürk, Jürgen' });
  await expect(editor).toBeVisible();
  await expect(editor.getByRole('spinbutton').first()).toBeFocused();
  await page.keyboard.type('0920');
  await expect(editor.getByText(words('status.late'))).toBeVisible();
  await expectAccessible(page, 'the editor of times and note');
  await page.keyboard.press('Enter');
  await expect(editor).toBeHidden();
  await expect(jurgen.getByText(words('status.late'))).toBeVisible();
  await expect(jurgen.getByText('09:20–12:00')).toBeVisible();
  await saved(frame);
  // The keyboard stands where it was.
  await expect(jurgen).toBeFocused();

  // Who did it stands beside the record.
  await page.keyboard.press('F2');
  await editor.getByRole('button', { name: words('history-panel.open-of') }).click();
  const history = frame.getByRole('dialog', { name: words('history-panel.open-of') });
  await expect(history.getByText(/Lindner.*09:20/)).toBeVisible();
  await expectAccessible(page, 'the history of a record');
  await page.keyboard.press('Escape');
  await expect(history).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(editor).toBeHidden();
  await jurgen.focus();

  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await expect(frame.locator('[data-membership]')).not.toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('a');
  await expect(frame.locator('[data-membership]').nth(1).getByText(words('status.absent'))).toBeVisible();
  await expect(frame.getByTestId('said')).toContainText(/absent|abwesend/);
  await saved(frame);

  await page.reload();
  await openMeeting(frame, title);
  await expect(jurgen.getByText('09:20–12:00')).toBeVisible();
  await expect(frame.locator('[data-count="late"]')).toContainText('1');
});

test('several times, and a note of any kind: all is kept, and too long is told', async ({ page, lms }) => {
  const { frame, title } = await planMeeting(page, lms);
  const row = rowOf(frame, 'Sommer, Lea');
  const editor = frame.getByRole('dialog', { name: 'Sommer, Lea' });
  const note = editor.getByRole('textbox', { name: words('register.editor.note') });
  const apply = editor.getByRole('button', { name: words('register.editor.apply') });

  await row.focus();
  await page.keyboard.press('F2');
  await note.fill('krank');
  await apply.click();
  await expect(editor.getByText(words('register.note.problem.no-record'))).toBeVisible();
  await editor.getByRole('button', { name: words('register.editor.add') }).click();
  await editor.getByRole('spinbutton').first().focus();
  await page.keyboard.type('0900');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1000');
  await editor.getByRole('button', { name: words('register.editor.add') }).click();
  await editor.getByRole('spinbutton').nth(4).focus();
  await page.keyboard.type('1100');
  await page.keyboard.press('Tab');
  await page.keyboard.type('1030');
  await apply.click();
  await expect(editor.getByText(words('register.times.problem.order'))).toBeVisible();
  await editor.getByRole('spinbutton').nth(4).focus();
  await page.keyboard.type('1015');
  await expect(editor.getByText(words('status.partial'))).toBeVisible();

  await note.fill('x'.repeat(4_001));
  await apply.click();
  await expect(editor.getByText(words('register.note.problem.long'))).toBeVisible();
  await expect(note).toHaveValue('x'.repeat(4_001));
  await note.fill('y'.repeat(4_000));
  await apply.click();
  await expect(editor).toBeHidden();
  await saved(frame);
  await expect(row.getByText('09:00–10:00 +1')).toBeVisible();

  const odd = '<b>fett</b> \u202Eאבג\u202C & "Ende"';
  await row.focus();
  await page.keyboard.press('F2');
  await expect(note).toHaveValue('y'.repeat(4_000));
  await note.fill(odd);
  await apply.click();
  await saved(frame);
  await page.reload();
  await openMeeting(frame, title);
  await expect(row.getByText(odd)).toBeVisible();
});

test('two of the staff mark the same member: both versions are shown, one decides', async ({
  page,
  lms,
  openBrowser,
}) => {
  const { frame, title } = await planMeeting(page, lms);
  const other = await (await openBrowser()).newPage();
  const second = await lms.openInCourse(other, assistant);
  await openMeeting(second, title);

  await loseMarks(other);
  for (const name of ["O'Brien, Zoë", 'Sommer, Lea']) {
    await rowOf(second, name).focus();
    await other.keyboard.press('a');
    await expect(rowOf(second, name).getByText(words('register.unsaved.row'))).toBeVisible();
    await rowOf(frame, name).focus();
    await page.keyboard.press('x');
  }
  await saved(frame);
  await findMarks(other, second);

  const zoe = rowOf(second, "O'Brien, Zoë");
  await expect(zoe.getByRole('alert')).toContainText(/(excused|entschuldigt).*(absent|abwesend)/);
  await expectAccessible(other, 'a conflict');
  await zoe.getByRole('button', { name: words('register.conflict.enter') }).click();
  await expect(rowOf(frame, "O'Brien, Zoë").getByText(words('status.absent'))).toBeVisible();
  const lea = rowOf(second, 'Sommer, Lea');
  await lea.getByRole('button', { name: words('register.conflict.keep') }).click();
  await expect(lea.getByText(words('status.excused'))).toBeVisible();
  await saved(second);
  await expect(rowOf(frame, 'Sommer, Lea').getByText(words('status.excused'))).toBeVisible();
});

test('without network marks wait in the browser, through a reload and a closed tab', async ({
  page,
  context,
  lms,
  openBrowser,
}) => {
  const { frame, title } = await planMeeting(page, lms);
  const onlooker = await (await openBrowser()).newPage();
  const watched = await lms.openInCourse(onlooker, assistant);
  await openMeeting(watched, title);

  await context.setOffline(true);
  await rowOf(frame, 'Sommer, Lea').focus();
  await page.keyboard.press('p');
  await rowOf(frame, "O'Brien, Zoë").focus();
  await page.keyboard.press('a');
  await expect(saveState(frame)).toContainText(/^2 .*(no network|kein Netz)/);
  await expect(rowOf(frame, 'Sommer, Lea').getByText(words('register.unsaved.row'))).toBeVisible();
  await context.setOffline(false);
  await expect(rowOf(watched, 'Sommer, Lea').getByText(words('status.present'))).toBeVisible();
  await saved(frame);

  // Only the marks find no way now, so that the page itself can be loaded again.
  await loseMarks(page);
  await rowOf(frame, 'Öztürk, Jürgen').focus();
  await page.keyboard.press('x');
  await expect(saveState(frame)).toContainText(/^1 /);
  await page.reload();
  await openMeeting(frame, title);
  await expect(rowOf(frame, 'Öztürk, Jürgen').getByText(words('status.excused'))).toBeVisible();
  await expect(saveState(frame)).toContainText(/^1 /);
  await expect(rowOf(watched, 'Öztürk, Jürgen').getByText(words('status.untaken'))).toBeVisible();
  await page.close();

  const again = await context.newPage();
  const reopened = await lms.openInCourse(again, teacher);
  await openMeeting(reopened, title);
  await expect(rowOf(watched, 'Öztürk, Jürgen').getByText(words('status.excused'))).toBeVisible();
  await expect(rowOf(reopened, 'Öztürk, Jürgen').getByText(words('register.unsaved.row'))).toBeHidden();
});

test('marks that wait are nobody else’s, whoever signs in at this browser', async ({
  page,
  context,
  lms,
}) => {
  const { frame, title } = await planMeeting(page, lms);
  await loseMarks(page);
  await rowOf(frame, 'Sommer, Lea').focus();
  await page.keyboard.press('a');
  await expect(saveState(frame)).toContainText(/^1 /);

  const other = await context.newPage();
  const second = await lms.openInCourse(other, assistant);
  await openMeeting(second, title);
  await expect(rowOf(second, 'Sommer, Lea').getByText(words('status.untaken'))).toBeVisible();
  // The first page knows nothing of it, and tries again.
  await findMarks(page, frame);
  await expect(frame.getByText(words('errors.other-person.title'))).toBeVisible();
  await expect(rowOf(second, 'Sommer, Lea').getByText(words('status.untaken'))).toBeVisible();

  const own = await lms.openInCourse(page, teacher);
  await openMeeting(own, title);
  await expect(rowOf(own, 'Sommer, Lea').getByText(words('status.absent'))).toBeVisible();
  await expect(rowOf(own, 'Sommer, Lea').getByText(words('register.unsaved.row'))).toBeHidden();
});

test('many at once, taken back, and closed', async ({ page, lms }) => {
  const { frame } = await planMeeting(page, lms);
  const rows = frame.locator('[data-membership]');
  const all = await rows.count();
  const untaken = frame.locator('[data-count="untaken"]');
  const absent = frame.locator('[data-count="absent"]');

  await rows.nth(0).focus();
  await page.keyboard.press('p');
  await frame.locator('[data-bulk="absent"]').click();
  await expect(absent).toContainText(String(all - 1));
  await saved(frame);
  await frame
    .getByTestId('undo')
    .getByRole('button', { name: words('register.undo') })
    .click();
  await expect(untaken).toContainText(String(all - 1));
  await expect(rows.nth(0).getByText(words('status.present'))).toBeVisible();

  // By keyboard from where it was done, too.
  await frame.locator('[data-bulk="absent"]').click();
  await expect(absent).toContainText(String(all - 1));
  await page.keyboard.press('Control+z');
  await expect(untaken).toContainText(String(all - 1));

  // A range by Shift, one key for all of it, and Ctrl+Z.
  await rows.nth(2).getByRole('checkbox').click();
  await rows
    .nth(5)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] });
  await rows.nth(4).focus();
  await page.keyboard.press('x');
  await expect(frame.locator('[data-count="excused"]')).toContainText('4');
  await page.keyboard.press('Control+z');
  await expect(frame.locator('[data-count="excused"]')).toContainText('0');
  await expect(frame.getByTestId('said')).toContainText(/^(Undone|Rückgängig)/);
  await saved(frame);
  await expectAccessible(page, 'several selected');

  await frame.getByRole('button', { name: words('register.close.go') }).click();
  await expect(frame.getByRole('heading', { name: words('register.closed.title') })).toBeVisible();
  await frame.getByRole('button', { name: words('register.closed.reopen') }).click();
  await expect(frame.getByRole('heading', { name: words('register.close.title') })).toBeVisible();
});

test('shows those of one section, of one status, and who is both', async ({ page, lms }) => {
  const { frame } = await planMeeting(page, lms);
  const rows = frame.locator('[data-membership]');
  const all = await rows.count();
  const section = frame.getByRole('combobox', { name: words('register.filter.section') });

  await section.selectOption('Gruppe B');
  await expect(rows).not.toHaveCount(all);
  const inB = await rows.count();
  await expect(rows.filter({ hasText: 'Gruppe B' })).toHaveCount(inB);

  // What is marked for all is marked for those who are shown, and the counters filter when they are clicked.
  await frame.locator('[data-bulk="absent"]').click();
  await expect(frame.locator('[data-count="absent"]')).toContainText(String(inB));
  await section.selectOption('');
  await expect(rows).toHaveCount(all);
  await frame.locator('[data-count="untaken"]').click();
  await expect(rows).toHaveCount(all - inB);
  await frame.locator('[data-count="absent"]').click();
  await expect(rows).toHaveCount(inB);
  await expect(rows.filter({ hasText: 'Gruppe B' })).toHaveCount(inB);
  // One student is in both.
  await section.selectOption('Gruppe A');
  await expect(rows).toHaveText([/Ñíguez García, José María/]);
  await frame.getByRole('searchbox', { name: words('register.search') }).fill('ozturk');
  await expect(rows).toHaveCount(0);
  await frame.getByRole('button', { name: words('register.show-all') }).click();
  await expect(rows).toHaveCount(all);
  await saved(frame);
});

test('an assistant whom the course does not let mark any more loses nothing, and reads why', async ({
  page,
  lms,
  openBrowser,
}) => {
  const { frame, title } = await planMeeting(page, lms);
  const courseId =
    page.frames().flatMap((one) => /courses\/([0-9a-f-]{36})\/meetings/.exec(one.url())?.[1] ?? [])[0] ?? '';
  const setPolicy = (policy: object) =>
    database.db.update(courses).set({ policy }).where(eq(courses.id, courseId));
  const [before] = await database.db.select().from(courses).where(eq(courses.id, courseId));
  const other = await (await openBrowser()).newPage();
  const second = await lms.openInCourse(other, assistant);
  await openMeeting(second, title);
  try {
    await setPolicy({ ...before?.policy, assistantsMayMark: false });
    await rowOf(second, 'Sommer, Lea').focus();
    await other.keyboard.press('a');
    await expect(second.getByText(words('errors.not-for-assistants.title'))).toBeVisible();
    await other.reload();
    await openMeeting(second, title);
    await expect(second.getByText(words('register.read-only'))).toBeVisible();
    await expect(second.getByRole('button', { name: words('register.mark.present') })).toHaveCount(0);
    await expect(rowOf(second, 'Sommer, Lea').getByText(words('register.unsaved.row'))).toBeVisible();
    await expectAccessible(other, 'a register to read');
  } finally {
    await setPolicy(before?.policy ?? {});
  }
  await second.getByRole('button', { name: words('register.unsaved.try') }).click();
  await expect(rowOf(frame, 'Sommer, Lea').getByText(words('status.absent'))).toBeVisible();
});

test('on a phone', async ({ page, lms, openBrowser }) => {
  const { title } = await planMeeting(page, lms);
  const phone = await (
    await openBrowser({ viewport: { width: 360, height: 740 }, hasTouch: true })
  ).newPage();
  const frame = await lms.openInCourse(phone, assistant);
  await openMeeting(frame, title);
  await expectNoSidewaysScroll(frame, 'register');
  await expectAccessible(phone, 'register on a phone');
  const row = rowOf(frame, 'Sommer, Lea');
  await row.getByRole('button', { name: words('register.mark.present') }).tap();
  await expect(row.getByText(words('status.present'))).toBeVisible();
  await row.getByRole('button', { name: words('register.mark.edit') }).tap();
  await expect(frame.getByRole('dialog')).toBeVisible();
  await expectNoSidewaysScroll(frame, 'editor');
  await expectAccessible(phone, 'editor on a phone');
});
