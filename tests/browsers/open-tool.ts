import { expect } from './fixtures.ts';
import type { Tab } from './tab.ts';
import type { WhatSticks } from './what-sticks.ts';

export const startButton = 'form[action$="/check-in"] button';

/**
 * Follows a launch in the platform's frame to the signed-in course, by the way that this browser leaves open.
 *
 * @returns the frame, or the tab of its own that the tool had to open
 */
export async function openTool(frame: Tab, sticks: WhatSticks): Promise<Tab> {
  const course = await openCourse(frame, sticks);
  await course.waitForPath(/^\/courses\/[0-9a-f-]{36}$/);
  await course.text(startButton);
  return course;
}

async function openCourse(frame: Tab, sticks: WhatSticks): Promise<Tab> {
  if (sticks.cookie || sticks.partitionedCookie) return frame;
  await frame.text('[data-testid="open-in-new-tab"]');
  // The launch is made, and handed over, where its key was kept; else nothing has been used up yet, and the
  // login is posted again.
  const isKeyKept = sticks.platformStorage || sticks.sessionStorage || sticks.localStorage;
  expect(await frame.call(() => location.pathname)).toBe(isKeyKept ? '/lti/launch' : '/lti/login');
  return frame.clickToNewWindow('[data-testid="open-in-new-tab"] button');
}
