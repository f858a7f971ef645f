import type axe from 'axe-core';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame, FrameLocator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * WCAG 2.2 AA, of the whole page with the tool's frame in it. Each frame is judged where it stands: to carry what
 * was right about every element out of the browser, and to put the frames together again in a page of their own,
 * took four times as long as the judgement.
 */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  expect(await violationsIn(page.mainFrame()), what).toEqual([]);
}

async function violationsIn(frame: Frame): Promise<string[]> {
  if (!(await isShown(frame)) || (await isViewer(frame))) return [];
  await frame.evaluate(axeSource);
  const found = await frame.evaluate(async () => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await run(document, {
      runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
      iframes: false,
      resultTypes: ['violations'],
      selectors: false,
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  for (const child of frame.childFrames()) found.push(...(await violationsIn(child)));
  return found;
}

async function isShown(frame: Frame): Promise<boolean> {
  return frame.parentFrame() === null || (await (await frame.frameElement()).isVisible());
}

/** Where the browser shows a PDF by frames of its own, which are not ours to mend. */
async function isViewer(frame: Frame): Promise<boolean> {
  return frame.evaluate(() => document.contentType !== 'text/html');
}

export async function expectNoSidewaysScroll(frame: Frame | FrameLocator, what: string): Promise<void> {
  const [content, shown] = await frame
    .locator('html')
    .evaluate((html) => [html.scrollWidth, html.clientWidth] as const);
  expect(content, `${what} scrolls sideways`).toBeLessThanOrEqual(shown);
}
