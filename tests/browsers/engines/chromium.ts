import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { FrameLocator, Page } from '@playwright/test';
import { findBrowser } from '../../../scripts/find-browser.ts';
import { trustAuthority } from '../test-authority.ts';
import { browserEnvironment } from './browser-environment.ts';
import type { Driver, DriverOptions, Place } from './driver.ts';

/** `blocked`: what "Block third-party cookies" means. `all-blocked`: the tool may store nothing in the platform's page. */
export type ThirdPartyStorage = 'allowed' | 'blocked' | 'all-blocked';

export interface ChromiumOptions extends DriverOptions {
  thirdParty: ThirdPartyStorage;
  toolUrl: string;
  lmsUrl: string;
}

/** Numbers of Chromium's own settings. */
const cookieControls = { off: 0, blockThirdParty: 1 } as const;
const blocked = 2;

/** In milliseconds; who waits for something asks again. */
const timeout = 5_000;

/** What the person has set: Chromium reads it from the profile when it starts. */
function preferencesOf({ thirdParty, toolUrl, lmsUrl }: ChromiumOptions): unknown {
  return {
    profile: {
      // Said in any case: what Chromium does when nothing is said changes (Debian's 156 blocks).
      cookie_controls_mode: thirdParty === 'allowed' ? cookieControls.off : cookieControls.blockThirdParty,
      // Cookies, partitioned ones too, and DOM storage of one site below another.
      ...(thirdParty === 'all-blocked' && {
        content_settings: { exceptions: { cookies: { [`${toolUrl},${lmsUrl}`]: { setting: blocked } } } },
      }),
    },
  };
}

/** Chromium through Playwright, with a profile as a person has one (its usual contexts are incognito). */
export async function startChromium(options: ChromiumOptions): Promise<Driver> {
  const { folder, authorityFile } = options;
  const profile = join(folder, 'profile');
  await mkdir(join(profile, 'Default'), { recursive: true });
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferencesOf(options)));
  await trustAuthority(join(folder, '.pki/nssdb'), authorityFile);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findBrowser(),
    env: browserEnvironment(folder),
    locale: 'en-GB',
    args: [
      ...['--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
      // Frames stay in the page's process. A launch takes its frame back and forth between two sites at once,
      // and now and then Playwright loses a frame that changes its process. What may be stored where does not
      // depend on processes.
      '--disable-site-isolation-trials',
    ],
  });
  const names = new Map<Page, string>();
  const nameOf = (page: Page): string => {
    const name = names.get(page) ?? `window-${String(names.size + 1)}`;
    names.set(page, name);
    return name;
  };
  const pageOf = (window: string): Page => {
    const page = context.pages().find((one) => nameOf(one) === window);
    if (page === undefined) throw new Error(`no window ${window}`);
    return page;
  };
  // Locators look anew each time: a frame that goes over to another site is another frame to Chromium.
  const rootOf = ({ window, frame }: Place): FrameLocator | Page =>
    frame === undefined ? pageOf(window) : pageOf(window).frameLocator(frame);
  return {
    version: `Chromium ${context.browser()?.version() ?? ''}`,
    windows: () => Promise.resolve(context.pages().map(nameOf)),
    goTo: async (window, url) => {
      await pageOf(window).goto(url);
    },
    call: (place, source, args) => {
      const expression = `(${source})(...${JSON.stringify(args)})`;
      return rootOf(place).locator(':root').evaluate(expression, undefined, { timeout });
    },
    click: (place, selector) => rootOf(place).locator(selector).first().click({ timeout }),
    close: () => context.close(),
  };
}
