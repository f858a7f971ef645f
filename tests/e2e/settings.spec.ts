import type { Frame, Page } from '@playwright/test';
import { and, eq } from 'drizzle-orm';
import { Temporal } from 'temporal-polyfill';
import { known } from '../../demo/people.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { createLog } from '#lib/base/log.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { memberships } from '#lib/db/schema.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { testSecrets } from '../support/test-context.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { alive, courseOf, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';
import { ownStage } from '../support/e2e-stages.ts';

/** Whose course is whose: the one speaks English, the other German. */
const emily = { name: 'Emily Hartwell', course: known.otherCourse, language: 'en' } as const;
const katharina = { name: 'Katharina Lindner', course: known.course, language: 'de' } as const;

let database: OpenDatabase;
test.beforeAll(() => {
  const { toolEnv } = ownStage();
  // Use cases that are called here read the settings of the tool that runs.
  process.env.SESSION_SECRET = toolEnv.SESSION_SECRET ?? '';
  database = openDatabase(toolEnv.DATABASE_URL ?? '', { poolMax: 2, onIdleError: () => undefined });
});
test.afterAll(() => database.close());

async function openSettings(
  page: Page,
  given: { lms: Parameters<typeof toolFrame>[1]; toolUrl: string },
  { name, course }: { name: string; course: number },
): Promise<Frame> {
  const frame = await toolFrame(page, given.lms, given.toolUrl, name, course);
  await frame.getByRole('link', { name: words('course.nav.settings') }).click();
  await expect(frame.getByRole('heading', { level: 1, name: words('settings.title') })).toBeVisible();
  return frame;
}

const graceOf = (frame: Frame) => frame.getByRole('textbox', { name: words('settings.graceMinutes.label') });
const previewOf = (frame: Frame) => frame.getByRole('region', { name: words('settings.preview.title') });
const saveOf = (frame: Frame) => frame.getByRole('button', { name: words('settings.save') });

/** A meeting of the evening before yesterday, at which one student came eight minutes late and the others in time. */
async function holdMeeting(courseId: string) {
  const [teacher] = await database.db
    .select({ personId: memberships.personId })
    .from(memberships)
    .where(and(eq(memberships.courseId, courseId), eq(memberships.role, 'teacher')));
  const ctx: Ctx = {
    db: database.db,
    now: new Date(),
    viewer: teacher,
    log: createLog('silent'),
    secrets: testSecrets,
  };
  const date = Temporal.Now.plainDateISO('Europe/Berlin').subtract({ days: 2 }).toString();
  const saved = await createMeeting(ctx, {
    ...{ courseId, title: 'Vorgestern', room: '', breakMinutes: 0, breaks: [] },
    ...{ date, from: '18:00', to: '19:30' },
  });
  if (saved.kind !== 'saved') throw new Error(`the meeting was refused: ${saved.kind}`);
  const place = { courseId, meetingId: saved.meetingId };
  const register = () => loadRegister(ctx, place);
  // The roster comes with the teacher's launch, as a job.
  await expect.poll(async () => (await register()).rows.length).toBeGreaterThan(1);
  const { meeting, rows } = await register();
  const arrived = addMs(new Date(meeting.startsAt), 8 * minuteMs).toISOString();
  await markRecords(ctx, {
    ...place,
    marks: rows.map(({ membershipId }, index) => ({
      membershipId,
      revision: 0,
      change:
        index === 0
          ? { kind: 'times' as const, spans: [{ from: arrived, to: null }] }
          : { kind: 'word' as const, status: 'present' as const },
    })),
  });
  const [late] = rows;
  return {
    lateName: late?.name ?? '',
    statusNow: async () =>
      (await register()).rows.find(({ membershipId }) => membershipId === late?.membershipId)?.record?.status,
  };
}

test('a teacher changes grace by keyboard, sees who changes, saves, and takes it back', async ({
  page,
  lms,
  toolUrl,
}) => {
  const frame = await openSettings(page, { lms, toolUrl }, emily);
  const { lateName, statusNow } = await holdMeeting(courseOf(frame));
  expect(await statusNow()).toBe('late');

  await graceOf(frame).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('10');
  const preview = previewOf(frame);
  await expect(preview.getByText(/^With this, 1 of \d+ students changes/)).toBeVisible();
  await expect(preview.getByText(lateName)).toBeVisible();
  await expect(preview.getByText(/^late → present, 1\sh 22\smin → 1\sh 30\smin on /)).toBeVisible();
  // Looking changes nothing.
  expect(await statusNow()).toBe('late');

  await page.keyboard.press('Enter');
  await expect(frame.getByText('Saved. 1 record was judged anew.')).toBeVisible();
  expect(await statusNow()).toBe('present');
  await page.reload();
  const again = await openSettings(page, { lms, toolUrl }, emily);
  await expect(graceOf(again)).toHaveValue('10');

  await again
    .getByRole('button', {
      name: /^Grace at start and end, in minutes: as the institution$/,
    })
    .focus();
  await page.keyboard.press('Enter');
  await expect(graceOf(again)).toHaveValue('5');
  await saveOf(again).focus();
  await page.keyboard.press('Enter');
  await expect(again.getByText('Saved. 1 record was judged anew.')).toBeVisible();
  expect(await statusNow()).toBe('late');

  // Taken back, and so is the taking back.
  await again.getByRole('button', { name: words('settings.undo') }).focus();
  await page.keyboard.press('Enter');
  await expect(again.getByText(words('settings.undone'))).toBeVisible();
  expect(await statusNow()).toBe('present');
  await graceOf(again).fill('5');
  await saveOf(again).click();
  await expect(again.getByText('Saved. 1 record was judged anew.')).toBeVisible();
});

for (const teacher of [emily, katharina]) {
  for (const width of [1180, 360]) {
    test(`bad input is told at its field and lost nowhere (${teacher.language}, ${String(width)} px)`, async ({
      openBrowser,
      lms,
      toolUrl,
    }) => {
      const context = await openBrowser({ viewport: { width, height: 900 } });
      const page = await context.newPage();
      const frame = await openSettings(page, { lms, toolUrl }, teacher);
      await expect(frame.locator('html')).toHaveAttribute('lang', teacher.language);
      await expectAccessible(page, 'settings');
      await expectNoSidewaysScroll(frame, 'settings');

      await graceOf(frame).fill('viel');
      await expect(frame.getByText(words('settings.problem.graceMinutes'))).toBeVisible();
      await expect(graceOf(frame)).toHaveAttribute('aria-invalid', 'true');
      await expect(previewOf(frame).getByText(words('settings.preview.invalid'))).toBeVisible();
      await saveOf(frame).click();
      await expect(frame.getByText(words('form.problems'))).toBeVisible();
      await expect(graceOf(frame)).toBeFocused();
      await expect(graceOf(frame)).toHaveValue('viel');
      await expectAccessible(page, 'settings with a problem');
      await expectNoSidewaysScroll(frame, 'settings with a problem');

      await frame.getByRole('button', { name: words('settings.as-before') }).click();
      await expect(graceOf(frame)).toHaveValue('5');
      await expect(frame.getByText(words('form.problems'))).toBeHidden();
      await expect(saveOf(frame)).toBeFocused();
    });
  }
}

test('a required check-out is chosen by keyboard and looked at before it is saved', async ({
  page,
  lms,
  toolUrl,
}) => {
  const choiceIn = (settings: Frame) =>
    settings.getByRole('button', { name: /Whether a check-out is needed$/ });
  const frame = await openSettings(page, { lms, toolUrl }, emily);
  await (await alive(choiceIn(frame))).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(choiceIn(frame)).toHaveText(words('settings.checkOutRequired.true'));
  // What teachers entered is no check-in, and stays.
  await expect(previewOf(frame).getByText(/^With this, nobody changes\./)).toBeVisible();
  await saveOf(frame).click();
  await expect(frame.getByText(/^Saved\./)).toBeVisible();
  await page.reload();
  const again = await openSettings(page, { lms, toolUrl }, emily);
  await expect(choiceIn(again)).toHaveText(words('settings.checkOutRequired.true'));
  await again.getByRole('button', { name: 'Whether a check-out is needed: as the institution' }).click();
  await expect(choiceIn(again)).toHaveText(words('settings.checkOutRequired.false'));
  await saveOf(again).click();
  await expect(again.getByText(/^Saved\./)).toBeVisible();
});

for (const teacher of [emily, katharina]) {
  test(`networks and the place of the room: off by default, mistakes are told by name, and all goes out again (${teacher.language})`, async ({
    openBrowser,
    lms,
    toolUrl,
  }) => {
    const context = await openBrowser({
      viewport: { width: 900, height: 900 },
      geolocation: { latitude: 52.52003, longitude: 13.40495, accuracy: 24.2 },
      permissions: ['geolocation'],
    });
    const page = await context.newPage();
    const frame = await openSettings(page, { lms, toolUrl }, teacher);
    const networks = frame.getByRole('textbox', { name: words('settings.allowedNetworks.label') });
    const place = frame.getByRole('textbox', { name: words('settings.roomPosition.label') });
    const radius = frame.getByRole('textbox', { name: words('settings.roomRadiusMeters.label') });
    const locate = frame.getByRole('button', { name: words('settings.roomPosition.locate') });
    await expect(networks).toHaveValue('');
    await expect(place).toBeDisabled();
    await expect(radius).toHaveCount(0);
    await expect(
      frame.getByText(/(Your own address now|Ihre eigene Adresse gerade): (127\.0\.0\.1|::1)\./),
    ).toBeVisible();

    await networks.fill('192.0.2.0/24, campus');
    await locate.click();
    await expect(frame.getByText(/(give or take|auf) 25 m/)).toBeVisible();
    await expect(place).toHaveValue('52.52003, 13.40495');
    await expect(frame.getByText(/[“„]campus[”“]/)).toBeVisible();
    await expect(networks).toHaveAttribute('aria-invalid', 'true');
    await saveOf(frame).click();
    await expect(networks).toBeFocused();
    await expectAccessible(page, 'a network that is none');

    await networks.fill('192.0.2.0/24, 2001:DB8::/32');
    await radius.fill('150');
    await saveOf(frame).click();
    await expect(frame.getByText(/^(Saved|Gespeichert)\./)).toBeVisible();
    await page.reload();
    const again = await openSettings(page, { lms, toolUrl }, teacher);
    const asInstitution = (key: 'allowedNetworks' | 'roomPosition' | 'roomRadiusMeters') =>
      again
        .locator('[data-sentence]')
        .filter({ has: again.getByRole('textbox', { name: words(`settings.${key}.label`) }) })
        .getByRole('button', { name: /(as the institution|wie die Einrichtung)$/ });
    await expect(again.getByRole('textbox', { name: words('settings.allowedNetworks.label') })).toHaveValue(
      '192.0.2.0/24 2001:db8::/32',
    );
    await expect(again.getByRole('textbox', { name: words('settings.roomRadiusMeters.label') })).toHaveValue(
      '150',
    );
    await expectNoSidewaysScroll(again, 'settings with a place');
    await asInstitution('allowedNetworks').click();
    await asInstitution('roomRadiusMeters').click();
    await asInstitution('roomPosition').click();
    await saveOf(again).click();
    await expect(again.getByText(/^(Saved|Gespeichert)\./)).toBeVisible();
    await expect(again.getByRole('textbox', { name: words('settings.roomPosition.label') })).toBeDisabled();
  });
}

test('who saves on top of somebody else’s change sees both, and chooses', async ({
  page,
  openBrowser,
  lms,
  toolUrl,
}) => {
  const frame = await openSettings(page, { lms, toolUrl }, emily);
  const other = await (await openBrowser()).newPage();
  const second = await openSettings(other, { lms, toolUrl }, emily);
  await graceOf(second).fill('7');
  await saveOf(second).click();
  await expect(second.getByText(/^Saved\./)).toBeVisible();

  await graceOf(frame).fill('9');
  await saveOf(frame).click();
  await expect(frame.getByText(words('settings.conflict.title'))).toBeVisible();
  const row = frame.getByRole('row', { name: /Grace/ });
  await expect(row.getByRole('cell')).toHaveText(['9', '7']);
  await expectAccessible(page, 'a conflict');
  await frame.getByRole('button', { name: words('form.conflict.take') }).click();
  await expect(graceOf(frame)).toHaveValue('7');
  await graceOf(frame).fill('5');
  await saveOf(frame).click();
  await expect(frame.getByText(/^Saved\./)).toBeVisible();
});

test('the time zone is found by typing', async ({ page, lms, toolUrl }) => {
  const frame = await openSettings(page, { lms, toolUrl }, emily);
  const zone = frame.getByRole('combobox', { name: words('settings.zone.label') });
  const before = await zone.inputValue();
  for (const [typed, whole] of [
    ['new yo', 'America/New York'],
    [before, before],
  ] as const) {
    await zone.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(typed);
    await expect(frame.getByRole('option', { name: whole })).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(zone).toHaveValue(whole);
    await frame.getByRole('button', { name: words('settings.zone.save') }).click();
    await expect(frame.getByText(`Saved. New meetings are planned in ${whole}.`)).toBeVisible();
  }
});

test('an assistant looks and changes nothing; a student is not let in', async ({
  page,
  openBrowser,
  lms,
  toolUrl,
}) => {
  const frame = await openSettings(page, { lms, toolUrl }, { name: 'Tobias Ahrens', course: known.course });
  await expect(frame.getByText(words('settings.read-only'))).toBeVisible();
  await expect(graceOf(frame)).toBeDisabled();
  await expect(saveOf(frame)).toHaveCount(0);
  await expectAccessible(page, 'settings to look at');
  const courseId = courseOf(frame);
  const ask = (one: Frame) =>
    one.evaluate(
      async (path) => (await fetch(path, { method: 'POST', body: '{}' })).status,
      `/api/courses/${courseId}/policy-preview`,
    );
  expect(await ask(frame)).toBe(403);

  const student = await (await openBrowser()).newPage();
  const own = await toolFrame(student, lms, toolUrl, 'Lea Sommer', known.course);
  expect(await ask(own)).toBe(403);
  expect(
    await own.evaluate(async (path) => (await fetch(path)).status, `/courses/${courseId}/settings`),
  ).toBe(403);
});
