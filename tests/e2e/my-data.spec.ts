import { readFile } from 'node:fs/promises';
import type { Frame, Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { readZip } from '../support/read-zip.ts';
import { expectAccessible, expectNoSidewaysScroll } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

// What is kept of somebody, and all of it as a file.

async function download(page: Page, frame: Frame, button: RegExp): Promise<Map<string, string>> {
  const started = page.waitForEvent('download');
  await frame.getByRole('button', { name: button }).click();
  const file = await started;
  expect(file.suggestedFilename()).toMatch(/\.zip$/);
  return readZip(await readFile(await file.path()));
}

test('a student reads what is kept of them, and takes it along', async ({ page, lms, toolUrl }) => {
  const name = 'Nora Whitlock';
  await lms.control('members', {
    courseId: known.otherCourse,
    sectionId: 2201,
    given: 'Nora',
    family: 'Whitlock',
  });
  for (const width of [1180, 660]) {
    await page.setViewportSize({ width, height: 900 });
    const frame = await toolFrame(page, lms, toolUrl, name, known.otherCourse);
    await frame.getByRole('link', { name: words('mine.privacy.go') }).click();
    await expect(frame.getByRole('heading', { level: 1, name: words('my-data.title') })).toBeVisible();
    await expectAccessible(page, 'my data');
    await expectNoSidewaysScroll(frame, 'my data');
    const zip = await download(page, frame, words('my-data-student.download'));
    const data = JSON.parse(zip.get('data.json') ?? '') as { person: { name: string }; courses: unknown[] };
    expect(data.person.name).toBe(name);
    expect(data.courses).toHaveLength(1);
    // The page stays where it is.
    await expect(frame.getByRole('heading', { level: 1, name: words('my-data.title') })).toBeVisible();
  }
});

for (const [name, course, language] of [
  ['Emily Hartwell', known.otherCourse, 'en'],
  ['Katharina Lindner', known.course, 'de'],
] as const) {
  test(`a teacher reads how long what is kept, of their course and of themselves (${language})`, async ({
    page,
    lms,
    toolUrl,
  }) => {
    const frame = await toolFrame(page, lms, toolUrl, name, course);
    await frame.getByRole('link', { name: words('course.nav.settings') }).click();
    const section = frame.getByRole('region', { name: words('settings.data.title') });
    await expect(section.getByRole('definition')).toHaveText([
      words('privacy.days'),
      words('privacy.years'),
      words('privacy.days'),
      words('privacy.days'),
      words('privacy.years'),
    ]);
    await section.getByRole('link', { name: words('settings.data.mine') }).click();
    await expect(frame.getByRole('heading', { level: 1, name: words('my-data.title') })).toBeVisible();
    await expectAccessible(page, 'my data');
    for (const width of [1180, 660]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoSidewaysScroll(frame, 'my data');
    }
    const zip = await download(page, frame, words('my-data-staff.download'));
    expect(zip.get('data.json')).toContain(name);
  });
}
