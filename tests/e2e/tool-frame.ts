import type { Frame, Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { Lms } from './fixtures.ts';

/** Most of the time it is a matter of milliseconds: looking once in a second would make stories wait. */
const soon = { intervals: [20, 50, 100] };

/** Opens the tool as a person and answers its frame, from which their browser can be made to ask for anything. */
export async function toolFrame(
  page: Page,
  lms: Lms,
  toolUrl: string,
  name: string,
  courseId?: number,
): Promise<Frame> {
  await lms.openInCourse(page, name, courseId);
  await expect
    .poll(() => page.frames().find((frame) => frame.url().startsWith(`${toolUrl}/courses/`)), soon)
    .toBeDefined();
  const frame = page.frames().find((one) => one.url().startsWith(`${toolUrl}/courses/`));
  if (frame === undefined) throw new Error('the tool is not in the frame');
  return frame;
}

/** The course that the frame shows, by our own id. */
export const courseOf = (frame: Frame) => /\/courses\/([0-9a-f-]+)/.exec(frame.url())?.[1] ?? '';

/** Waits until a control has its script: what is pressed before does nothing yet. */
export async function alive(control: Locator): Promise<Locator> {
  await expect
    .poll(
      () =>
        control.evaluate((element) => Object.keys(element).some((key) => key.startsWith('__reactProps$'))),
      soon,
    )
    .toBe(true);
  return control;
}
