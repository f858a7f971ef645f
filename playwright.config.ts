import { defineConfig } from '@playwright/test';
import { resolve } from 'node:path';
import { findBrowser } from './scripts/find-browser.ts';

const browser = findBrowser();
if (browser === undefined) throw new Error('No browser was found: npm test gets one, or set CHROMIUM_PATH.');

/** What a browser leaves in the home folder (certificates, font caches) stays in the clone. */
const home = resolve('.data/test/home');

/** Half of the stories, by the time that they take. */
const firstHalf = /\/e2e\/([a-l]|m[a-x])[^/]*\.spec\.ts$/;

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  globalSetup: './tests/support/e2e-setup.ts',
  // Two workers share the stories always in the same way. Each half has a tool and a course of its own, in which its
  // files take turns, so that a count on a screen means something. One worker plays both halves in one place.
  workers: Number(process.env.E2E_WORKERS ?? 1),
  fullyParallel: false,
  projects: [
    { name: 'a-me', testMatch: firstHalf, workers: 1 },
    { name: 'my-z', testIgnore: firstHalf, workers: 1 },
  ],
  // A test that passes at the second try is a fault that somebody will meet.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/playwright.json' }]],
  use: {
    browserName: 'chromium',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    actionTimeout: 10_000,
    navigationTimeout: 20_000,
    // Without a film of every page: to draw one costs the machine more than the pages themselves.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: browser,
      args: [
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // In a launch the frame changes its process several times, and now and then Playwright never finds its
        // page again, although it is there to be seen.
        '--disable-site-isolation-trials',
      ],
      env: {
        ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))),
        HOME: home,
        XDG_CONFIG_HOME: `${home}/.config`,
        XDG_CACHE_HOME: `${home}/.cache`,
      },
    },
  },
});
