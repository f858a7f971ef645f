import type { FrameLocator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { Lms } from './fixtures.ts';
import { words } from './words.ts';

/** The teacher at 08:59: opens the tool in the course, presses one button, and has the code on the wall. */
export async function startCheckIn(page: Page, lms: Lms): Promise<{ frame: FrameLocator; wall: Page }> {
  const frame = await lms.openInCourse(page, 'Katharina Lindner');
  const opened = page.waitForEvent('popup');
  await frame
    .getByRole('button', {
      name: words('home.start', 'home.start-now', 'home.start-again', 'home.show-code'),
    })
    .first()
    .click();
  const wall = await opened;
  await expect(wall.getByTestId('qr')).toBeVisible();
  return { frame, wall };
}
