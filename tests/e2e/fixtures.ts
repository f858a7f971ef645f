import { devices, test as base, expect } from '@playwright/test';
import type { Browser, BrowserContext, BrowserContextOptions, FrameLocator, Page } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { ownStage } from '../support/e2e-stages.ts';

/** A phone's screen: the narrow end of what is sold, and a common one. */
export const phoneScreens = {
  small: { width: 360, height: 740 },
  common: { width: 390, height: 844 },
} as const;

/**
 * What a page may write to the console as an error without failing the test. Each entry says why.
 * "Failed to load resource" is the browser's own line for every answer of 400 and above: a refusal that the
 * test provokes is checked on the page, not here.
 */
const allowedConsoleErrors: readonly { text: RegExp; why: string }[] = [
  {
    text: /^Failed to load resource: the server responded with a status of 4\d\d/,
    why: 'a provoked refusal',
  },
  {
    text: /^Blocked script execution in '[^']*\/inbox\/\d+\/html'/,
    why: "a mail in its sandbox keeps the test's own scripts out as well",
  },
];

/** The browser's own lines about a network that a test takes away are no faults. */
export function forgetLostNetwork(faults: string[]): void {
  const others = faults.filter(
    (fault) => !/net::ERR_(FAILED|INTERNET_DISCONNECTED|CONNECTION_RESET)/.test(fault),
  );
  faults.splice(0, faults.length, ...others);
}

export interface Lms {
  url: string;
  /** Signs a person in, who then stands on `path`. Whoever was signed in in this browser is no longer. */
  signIn(page: Page, name: string, path?: string): Promise<void>;
  /** Signs in and opens the tool through the course navigation, in Canvas' frame. */
  openInCourse(page: Page, name: string, courseId?: number): Promise<FrameLocator>;
  /** Sends an order to the demo's control routes, such as `('members', { … })`. */
  control(path: string, body: unknown): Promise<unknown>;
}

interface Fixtures {
  /** Every page's console and uncaught errors; they fail the test when it is over. */
  faults: string[];
  /** A browser of somebody else: cookies of its own, watched like the first. Closed with the test. */
  openBrowser(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** The same as a phone: small screen, touch. */
  openPhone(screen?: keyof typeof phoneScreens): Promise<Page>;
  lms: Lms;
  toolUrl: string;
}

export { expect };

export const test = base.extend<Fixtures>({
  faults: [
    async ({}, use) => {
      const faults: string[] = [];
      await use(faults);
      expect(faults, 'errors on the console').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, faults }, use) => {
    watch(context, faults);
    await use(context);
  },

  openBrowser: async ({ browser, faults, locale, timezoneId }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await newContext(browser, { locale, timezoneId, ...options });
      watch(context, faults);
      opened.push(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },

  openPhone: async ({ openBrowser }, use) => {
    await use(async (screen = 'common') => {
      const context = await openBrowser({
        viewport: phoneScreens[screen],
        deviceScaleFactor: 2,
        // Only what says that it is a phone may be remembered.
        userAgent: devices['Pixel 7'].userAgent,
        isMobile: true,
        hasTouch: true,
      });
      return context.newPage();
    });
  },

  lms: async ({ playwright }, use) => {
    const url = ownStage().lmsUrl;
    const request = await playwright.request.newContext({ baseURL: url });
    const signIn: Lms['signIn'] = async (page, name, path = '/courses') => {
      const query = new URLSearchParams({ q: name, return_to: path });
      await page.goto(`${url}/login?${query.toString()}`);
      await page.locator(`button.person[data-name=${JSON.stringify(name)}]`).click();
      await page.waitForURL((now) => now.href === new URL(path, url).href);
    };
    await use({
      url,
      signIn,
      openInCourse: async (page, name, courseId = known.course) => {
        await signIn(page, name, `/courses/${String(courseId)}`);
        await page.locator(`nav a[href^="/courses/${String(courseId)}/external_tools/"]`).click();
        return page.frameLocator('#tool_content');
      },
      control: async (path, body) => {
        const answer = await request.post(`/demo/control/${path}`, { data: body });
        expect(answer.ok(), `demo/control/${path} answers ${String(answer.status())}`).toBe(true);
        return (await answer.json()) as unknown;
      },
    });
    await request.dispose();
  },

  toolUrl: async ({}, use) => {
    await use(ownStage().toolUrl);
  },
});

/** An option that is present and undefined would override the browser's own. */
function newContext(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return browser.newContext(Object.fromEntries(given));
}

function watch(context: BrowserContext, faults: string[]): void {
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    const text = message.text();
    if (allowedConsoleErrors.some((allowed) => allowed.text.test(text))) return;
    faults.push(`${text} (${message.location().url})`);
  });
  context.on('weberror', (error) => {
    faults.push(String(error.error().stack ?? error.error()));
  });
}
