import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { startChromium } from './engines/chromium.ts';
import type { ThirdPartyStorage } from './engines/chromium.ts';
import type { Driver } from './engines/driver.ts';
import { startFirefox } from './engines/firefox.ts';
import { startWebkit } from './engines/webkit.ts';
import { Tab } from './tab.ts';
import { until } from './until.ts';
import type { WhatSticks } from './what-sticks.ts';

/** One browser as one person has set it up. */
export interface BrowserCase {
  engine: 'chromium' | 'firefox' | 'webkit';
  thirdParty: ThirdPartyStorage;
  /** What it is known to keep; a version that does otherwise is worth a look at the launch. */
  sticks: WhatSticks;
  /** Who checks in: a student of this browser's own, because the browsers share the course. */
  student: { name: string; listName: string };
}

interface Fixtures {
  browserCase: BrowserCase;
  /** A browser of somebody else, with a fresh profile; ended with the test. */
  openBrowser(): Promise<{ tab: Tab; version: string }>;
  toolUrl: string;
  lms: {
    url: string;
    /** Signs in and opens the tool by the course navigation, in the platform's frame. */
    openInCourse(tab: Tab, name: string, query?: string): Promise<Tab>;
  };
}

export { expect };

export const test = base.extend<Fixtures>({
  browserCase: [undefined as never, { option: true }],

  openBrowser: async ({ browserCase, lms, toolUrl }, use, { project }) => {
    const opened: Driver[] = [];
    await use(async () => {
      const folder = join(address('BROWSERS_FOLDER'), `${project.name}-${String(Date.now())}`);
      await mkdir(folder);
      const driver = await start(browserCase, {
        folder,
        authorityFile: address('AUTHORITY_FILE'),
        certificateFile: address('CERTIFICATE_FILE'),
        toolUrl,
        lmsUrl: lms.url,
      });
      opened.push(driver);
      const window = await until('the first window', async () => (await driver.windows())[0]);
      return { tab: new Tab(driver, { window }), version: driver.version };
    });
    await Promise.all(opened.map((driver) => driver.close()));
  },

  lms: async ({}, use) => {
    const url = address('LMS_URL');
    await use({
      url,
      openInCourse: async (tab, name, query = '') => {
        const course = `/courses/${String(known.course)}`;
        const search = new URLSearchParams({ q: name, return_to: course });
        await tab.goTo(`${url}/login?${search.toString()}`);
        await tab.click(`button.person[data-name=${JSON.stringify(name)}]`);
        await tab.waitForPath(new RegExp(`^${course}$`));
        const link = await tab.attribute(`nav a[href^="${course}/external_tools/"]`, 'href');
        await tab.goTo(`${url}${link}${query}`);
        return tab.frame('#tool_content');
      },
    });
  },

  toolUrl: async ({}, use) => {
    await use(address('TOOL_URL'));
  },
});

function start(
  { engine, thirdParty }: BrowserCase,
  options: Omit<Parameters<typeof startChromium>[0], 'thirdParty'>,
): Promise<Driver> {
  switch (engine) {
    case 'chromium':
      return startChromium({ ...options, thirdParty });
    case 'firefox':
      return startFirefox(options);
    case 'webkit':
      return startWebkit(options);
  }
}

function address(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: tests/browsers/setup.ts starts the programs.`);
  return value;
}
