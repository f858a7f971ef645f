import type { FrameLocator, Page } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { courses } from '#lib/db/schema.ts';
import { claimNames } from '#lib/lti/claim-names.ts';
import { known } from '../../demo/people.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import type { Lms } from './fixtures.ts';
import { courseOf } from './tool-frame.ts';
import { words } from './words.ts';
import { ownStage } from '../support/e2e-stages.ts';

let database: OpenDatabase;
test.beforeAll(() => {
  const { toolEnv } = ownStage();
  database = openDatabase(toolEnv.DATABASE_URL ?? '', { poolMax: 1, onIdleError: () => undefined });
});
test.afterAll(() => database.close());

async function openMembers(
  page: Page,
  lms: Lms,
  width = 1180,
  { name, courseId }: { name: string; courseId: number } = {
    name: 'Katharina Lindner',
    courseId: known.course,
  },
): Promise<FrameLocator> {
  await page.setViewportSize({ width, height: 900 });
  const frame = await lms.openInCourse(page, name, courseId);
  await frame.getByRole('link', { name: words('course.nav.members') }).click();
  await expect(frame.getByRole('heading', { name: words('members.title'), level: 1 })).toBeVisible();
  return frame;
}

/** Reads the platform's list by the button, and waits until it has been read. */
async function readList(frame: FrameLocator): Promise<void> {
  await frame.getByRole('button', { name: words('member-sync.now', 'member-sync.asked') }).click();
  await expect(frame.getByRole('button', { name: words('member-sync.now') })).toBeVisible({
    timeout: 40_000,
  });
}

test('who is new on the platform’s list appears by the button, is found by typing, and leaves a line in the log', async ({
  page,
  lms,
}) => {
  const frame = await openMembers(page, lms);
  await lms.control('members', {
    ...{ courseId: known.course, sectionId: 2101, given: 'Änne', family: 'Nachzügler' },
  });
  await readList(frame);
  await frame.getByRole('textbox', { name: words('member-list.search') }).fill('nachzu');
  await expect(frame.getByRole('row', { name: /Nachzügler, Änne/ })).toBeVisible();
  await expect(frame.getByRole('row')).toHaveCount(2);
  await frame.getByText(words('members.log.title')).click();
  await expect(frame.getByText(/^\d+ (of|von) \d+ .*\d s$/).first()).toBeVisible();
  await expectAccessible(page, 'the members');
});

test('a student’s times are told as sentences, edited with a sentence at a wrong field, and stand in the history', async ({
  page,
  lms,
}) => {
  const frame = await openMembers(page, lms);
  await readList(frame);
  // The other stories' students stay as they are.
  await frame.getByRole('link', { name: /^el-Amrani, Fatima/ }).click();
  await expect(frame.getByText(/Gruppe A.* von Anfang an/)).toBeVisible();
  await expectAccessible(page, 'a member');

  await frame.getByRole('button', { name: words('member-spans.edit') }).click();
  const fill = async (field: RegExp, pieces: readonly string[]) => {
    const segments = frame.getByRole('group', { name: field }).getByRole('spinbutton');
    for (const [index, piece] of pieces.entries()) {
      await segments.nth(index).focus();
      await segments.nth(index).pressSequentially(piece);
    }
  };
  const [first, last] = [words('member-spans.from'), words('member-spans.to')];
  await fill(first, ['12', '10', '2026']);
  await fill(last, ['11', '10', '2026']);
  await frame.getByRole('button', { name: words('member-spans.save') }).click();
  await expect(frame.getByText(words('member-spans.problem.end-before-start'))).toBeVisible();
  await expectAccessible(page, 'the times of a member, with a problem');
  await fill(last, ['11', '12', '2099']);
  await frame.getByRole('button', { name: words('member-spans.save') }).click();
  await expect(frame.getByText(words('member-spans.saved'))).toBeVisible();
  await expect(frame.getByText(words('members.span.from-to'))).toBeVisible();
  await expect(frame.getByText(words('history.membership.spans-changed')).first()).toBeVisible();
});

test('a last day alone is enough: a first day that is left empty means from the start', async ({
  page,
  lms,
}) => {
  const frame = await openMembers(page, lms);
  await readList(frame);
  await frame.getByRole('link', { name: /^Becker, Hannah/ }).click();
  await frame.getByRole('button', { name: words('member-spans.edit') }).click();
  const day = (name: RegExp) => frame.getByRole('group', { name }).getByRole('spinbutton');
  const [first, last] = [day(words('member-spans.from')), day(words('member-spans.to'))];
  // Filled in half, it is neither a day nor empty.
  await first.first().focus();
  await page.keyboard.type('12');
  for (const [index, piece] of ['11', '12', '2099'].entries()) {
    await last.nth(index).focus();
    await page.keyboard.type(piece);
  }
  await frame.getByRole('button', { name: words('member-spans.save') }).click();
  await expect(frame.getByText(words('member-spans.problem.from'))).toBeVisible();
  await first.first().focus();
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await frame.getByRole('button', { name: words('member-spans.save') }).click();
  await expect(frame.getByText(words('member-spans.saved'))).toBeVisible();
  await expect(frame.getByText(words('members.span.to')).first()).toBeVisible();
});

test('on a phone nothing scrolls sideways, whatever a name looks like', async ({ page, lms }) => {
  const frame = await openMembers(page, lms, 360);
  await readList(frame);
  await expectNoSidewaysScroll(frame, 'the members');
  await frame.getByRole('link', { name: /Hohenstein/ }).click();
  await frame.getByRole('button', { name: words('member-spans.edit') }).click();
  await expectNoSidewaysScroll(frame, 'the times of a member');
});

test('two entries with one number are a question, and are left apart by a teacher’s word', async ({
  page,
  lms,
  openBrowser,
}) => {
  const frame = await openMembers(page, lms);
  await readList(frame);
  // Lea's own launch comes with the number that the list has given to somebody else.
  await lms.control('next-launch', {
    set: { [claimNames.custom]: { canvas_user_id: String(known.firstStudent + 2) } },
  });
  const other = await (await openBrowser()).newPage();
  await expect(
    (await lms.openInCourse(other, 'Lea Sommer')).getByRole('heading', { level: 1 }),
  ).toBeVisible();
  await openMembers(page, lms);
  const card = frame.getByRole('region', { name: words('members.conflict.title') });
  await expect(card).toBeVisible();
  await expectAccessible(page, 'a conflict');
  await card.getByRole('button', { name: words('member-sync.apart') }).click();
  await expect(card).toBeHidden();
});

test('what the platform’s list leaves open is told: why it could not be read, and that many are missing', async ({
  page,
  lms,
  toolUrl,
}) => {
  const frame = await openMembers(page, lms, 1180, { name: 'Emily Hartwell', courseId: known.otherCourse });
  await readList(frame);

  // The address leads nowhere any more, until the next launch tells it again.
  const shown = page.frames().find((one) => one.url().startsWith(`${toolUrl}/courses/`));
  if (shown === undefined) throw new Error('the tool is not in the frame');
  await database.db
    .update(courses)
    .set({ namesAndRolesUrl: `${lms.url}/api/lti/courses/0/names_and_roles` })
    .where(eq(courses.id, courseOf(shown)));
  await readList(frame);
  await expect(frame.getByText(words('members.sync.failed'))).toBeVisible();
  await expectAccessible(page, 'a list that could not be read');

  // Three of seven students go at once: nothing is ended by that.
  const gone = [1203, 1204, 1205];
  for (const personId of gone) {
    await page.request.delete(`${lms.url}/demo/control/members`, {
      data: { courseId: known.otherCourse, personId },
    });
  }
  try {
    await openMembers(page, lms, 1180, { name: 'Emily Hartwell', courseId: known.otherCourse });
    await readList(frame);
    await expect(frame.getByText(/more than a fifth at once|mehr als ein Fünftel auf einmal/)).toBeVisible();
    await expectAccessible(page, 'many who are missing');
    await expect(frame.getByRole('row', { name: /Neumann, Clara/ })).toBeVisible();
    await frame.getByRole('button', { name: words('member-sync.confirm') }).click();
    await expect(frame.getByRole('row', { name: /Neumann, Clara/ })).toBeHidden();
    await frame.getByRole('button', { name: /^(left|gegangen) 3$/ }).click();
    await expect(frame.getByRole('row', { name: /Neumann, Clara/ })).toBeVisible();
  } finally {
    for (const personId of gone) {
      await lms.control('members', { courseId: known.otherCourse, sectionId: 2201, personId });
    }
  }
});
