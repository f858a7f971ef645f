import { defineConfig } from '@playwright/test';
import type { BrowserCase } from './fixtures.ts';

const everything = {
  cookie: true,
  partitionedCookie: true,
  sessionStorage: true,
  localStorage: true,
  platformStorage: true,
};

/** Every browser that the tool is launched in, and what is known of it. */
const browsers: Record<string, BrowserCase> = {
  'chromium-allowed': {
    engine: 'chromium',
    thirdParty: 'allowed',
    sticks: everything,
    student: { name: 'Lea Sommer', listName: 'Sommer, Lea' },
  },
  // Partitioned cookies are no third-party cookies to Chromium; DOM storage is.
  'chromium-blocked': {
    engine: 'chromium',
    thirdParty: 'blocked',
    sticks: { ...everything, cookie: false, sessionStorage: false, localStorage: false },
    student: { name: 'Jürgen Öztürk', listName: 'Öztürk, Jürgen' },
  },
  'chromium-all-blocked': {
    engine: 'chromium',
    thirdParty: 'all-blocked',
    sticks: {
      cookie: false,
      partitionedCookie: false,
      sessionStorage: false,
      localStorage: false,
      platformStorage: true,
    },
    student: { name: "Zoë O'Brien", listName: "O'Brien, Zoë" },
  },
  // Firefox partitions everything, named so or not (Total Cookie Protection).
  firefox: {
    engine: 'firefox',
    thirdParty: 'allowed',
    sticks: everything,
    student: { name: 'Ole Petersen', listName: 'Petersen, Ole' },
  },
  // WebKit keeps no cookie of a third party, partitioned or not, but partitions DOM storage.
  webkit: {
    engine: 'webkit',
    thirdParty: 'blocked',
    sticks: { ...everything, cookie: false, partitionedCookie: false },
    student: { name: 'Miriam Groß', listName: 'Groß, Miriam' },
  },
};

export default defineConfig<{ browserCase: BrowserCase }>({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results/browsers',
  globalSetup: './setup.ts',
  // They share one course, and the machine's few cores.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  reporter: [['list'], ['json', { outputFile: '../../test-results/browsers.json' }]],
  projects: Object.entries(browsers).map(([name, browserCase]) => ({ name, use: { browserCase } })),
});
