import AxeBuilder from '@axe-core/playwright';
import type { Frame, FrameLocator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** WCAG 2.2 AA, of the whole page with the tool's frame in it. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`),
    what,
  ).toEqual([]);
}

export async function expectNoSidewaysScroll(frame: Frame | FrameLocator, what: string): Promise<void> {
  const [content, shown] = await frame
    .locator('html')
    .evaluate((html) => [html.scrollWidth, html.clientWidth] as const);
  expect(content, `${what} scrolls sideways`).toBeLessThanOrEqual(shown);
}
