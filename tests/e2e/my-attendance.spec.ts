import type { Frame, Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test as base } from './lecture-hall.ts';
import { openOwnCourse } from './own-course.ts';
import type { OwnCourse } from './own-course.ts';
import { courseOf, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

interface Fixtures {
  /** A student's phone, signed in, and a course that this story has to itself. */
  openCourse(
    name: string,
    policy?: Parameters<typeof openOwnCourse>[2],
  ): Promise<{ course: OwnCourse; phone: Page; look(): Promise<Frame> }>;
}

const test = base.extend<Fixtures>({
  openCourse: async ({ openPhone, lms, toolUrl, tool: { database } }, use) => {
    const opened: OwnCourse[] = [];
    await use(async (name, policy) => {
      const phone = await openPhone('small');
      const frame = await toolFrame(phone, lms, toolUrl, name);
      const course = await openOwnCourse(database.db, { name, courseId: courseOf(frame) }, policy);
      opened.push(course);
      return {
        ...{ course, phone },
        look: async () => {
          await frame.goto(`${toolUrl}/courses/${course.courseId}`);
          return frame;
        },
      };
    });
    for (const course of opened) await course.remove();
  },
});

const present = { record: { status: 'present' } } as const;
const absent = { record: { status: 'absent', provenMinutes: 0 } } as const;

for (const { language, name, outlook, rates } of [
  {
    language: 'de',
    name: 'Jonas Brandt',
    outlook: 'Du kannst noch 2 Termine versäumen (182 Minuten).',
    rates: ['17,4 von 26 UE', '67,0 % der Minuten', '69,2 % der Termine'],
  },
  {
    language: 'en',
    name: 'Olivia Whitfield',
    outlook: 'You can still miss 2 meetings (182 minutes).',
    rates: ['17.4 of 26 lesson units', '67.0 % of the minutes', '69.2 % of the meetings'],
  },
] as const) {
  test(`one figure, what may be missed, and the meetings behind every number (${language})`, async ({
    openCourse,
  }) => {
    const { course, look, phone } = await openCourse(name, { requiredPercent: 70 });
    const first = await course.hold(-98, present);
    for (let week = 13; week >= 7; week -= 1) await course.hold(-7 * week, present);
    const missed = await course.hold(-42, {
      record: { ...absent.record, note: 'We <b>missed</b> you' },
    });
    const excused = await course.hold(-35, {
      record: { status: 'excused', provenMinutes: 0, source: 'excuse' },
      excuse: 'accepted',
      isTaken: true,
    });
    const late = await course.hold(-28, {
      record: { status: 'late', provenMinutes: 65 },
      spans: [[25, null]],
    });
    const unnoticed = await course.hold(-21, { isTaken: true });
    const waiting = await course.hold(-14, { ...absent, excuse: 'submitted' });
    const calledOff = await course.hold(-13, { meeting: { state: 'cancelled' } });
    const declined = await course.hold(-7, { ...absent, excuse: 'declined' });
    const notTaken = await course.hold(-1);
    const coming: string[] = [];
    for (let week = 1; week <= 8; week += 1) coming.push(await course.hold(7 * week));

    // 8 × 90 + 65 of 13 × 90 minutes count. With 8 × 90 to come, 1,505 of 1,890 at best; 1,323 of them are required.
    const frame = await look();
    await expect(frame.locator('html')).toHaveAttribute('lang', language);
    await expect(frame.getByTestId('rate')).toHaveText(/^67\s%$/);
    await expect(frame.getByTestId('outlook')).toHaveText(outlook);
    for (const rate of rates) await expect(frame.getByText(rate)).toBeVisible();

    const part = (...keys: Parameters<typeof words>) =>
      frame.locator('details').filter({ has: frame.getByText(words(...keys), { exact: true }) });
    const untilNow = part('mine.part.until-now');
    await untilNow.locator('summary').focus();
    await phone.keyboard.press('Enter');
    await expect(untilNow.getByRole('row')).toHaveCount(1 + 14);
    await expect(
      untilNow.getByRole('row').filter({ has: frame.getByText(words('members.figures.exempt')) }),
    ).toHaveCount(1);
    await part('mine.part.untaken').locator('summary').click();
    await expect(part('mine.part.untaken').getByRole('row')).toHaveCount(1 + 1);
    await part('mine.part.coming').locator('summary').click();
    await expect(part('mine.part.coming').getByRole('row')).toHaveCount(1 + 8);
    const inAll = frame.getByRole('listitem').filter({ has: frame.getByText(words('mine.part.in-all')) });
    await expect(inAll).toContainText(/33\sh.*22/s);

    await frame.getByText(words('mine.weeks.table')).click();
    await expect(frame.getByRole('row', { name: /1\sh 30\smin 1\sh 5\smin$/ })).toBeVisible();

    // The past from the latest on; what is far away waits behind a click.
    const line = (id: string) => frame.locator(`li[id="${id}"]`);
    await expect(line(late)).toContainText(/\d\d:25–\d\d:30/);
    await expect(line(unnoticed).getByText(words('mine.unnoticed'))).toBeVisible();
    await expect(line(missed)).toContainText('We <b>missed</b> you');
    await expect(line(first)).toBeHidden();
    await frame.getByText(/^8 (earlier ones|frühere)$/).click();
    await expect(line(first)).toBeVisible();
    await expect(line(coming[6] ?? '')).toBeHidden();

    const page = `/courses/${course.courseId}/excuses`;
    const handIn = (id: string) => line(id).locator(`a[href="${page}/new?meeting=${id}"]`);
    for (const id of [late, unnoticed, declined, coming[0] ?? '']) await expect(handIn(id)).toBeVisible();
    for (const id of [excused, waiting, calledOff, notTaken]) await expect(handIn(id)).toHaveCount(0);
    const handedIn = [
      [excused, 'accepted'],
      [waiting, 'submitted'],
      [declined, 'declined'],
    ] as const;
    for (const [id, state] of handedIn) {
      await expect(line(id).locator(`a[href^="${page}#"]`)).toBeVisible();
      await expect(line(id).getByText(words(`excuse.state.${state}`))).toBeVisible();
    }

    await expectAccessible(phone, 'my attendance');
    await expectNoSidewaysScroll(frame, 'my attendance');
    await phone.setViewportSize({ width: 900, height: 900 });
    await expectAccessible(phone, 'my attendance, wide');
    await expectNoSidewaysScroll(frame, 'my attendance, wide');
  });
}

test('on the first day nothing counts, and what may be missed is known already', async ({ openCourse }) => {
  const { course, look, phone } = await openCourse('Olivia Whitfield');
  let frame = await look();
  await expect(frame.getByText(words('mine.empty.title'))).toBeVisible();
  await expect(frame.getByTestId('rate')).toHaveCount(0);
  await expectAccessible(phone, 'my attendance, empty');

  for (let week = 1; week <= 10; week += 1) await course.hold(7 * week);
  frame = await look();
  await expect(frame.getByTestId('rate')).toHaveText(words('mine.standing.none'));
  await expect(frame.getByTestId('outlook')).toHaveText('You can still miss 2 meetings (180 minutes).');
  await expectAccessible(phone, 'my attendance, first day');
  await expectNoSidewaysScroll(frame, 'my attendance, first day');
});

test('what can no longer be reached is said, with the best that can', async ({ openCourse }) => {
  const { course, look, phone } = await openCourse('Olivia Whitfield');
  for (const day of [-21, -14, -7]) await course.hold(day, absent);
  for (const day of [7, 14]) await course.hold(day);
  const frame = await look();
  await expect(frame.getByTestId('rate')).toHaveText(/^0\s%$/);
  await expect(frame.getByTestId('outlook')).toContainText(
    /^80\s% can no longer be reached: with all that is still planned it would be 40\.0\s%\./,
  );
  await expectAccessible(phone, 'my attendance, out of reach');
});
