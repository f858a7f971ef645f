import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trustAuthority } from '../browsers/test-authority.ts';
import type { Form } from './clean-clone.ts';
import type { Check } from './checks.ts';
import { tryCommand } from './run-command.ts';
import type { Stand } from './stand.ts';

/** Stories that cannot play on a stage which is there already. */
const notHere: Readonly<Record<string, string>> = {
  'busy-database': 'starts tools of its own, on a database that it fills with locks',
  'excuse-documents': 'starts tools of its own, kills them, and measures their memory',
  watching: 'starts tools of its own, and stops them',
  'phone-page': "the demo's phones have hosts of their own, for which the test's certificate does not hold",
};

/** What the short form plays: a launch and a class that is held, an excuse with a photo, the projector. */
const shortStories = ['class-is-held', 'excuse', 'projector'];
const shortTitles = [
  'a class is held: three phones scan',
  'what stands on the wall is what is accepted',
  'a photo for two missed meetings, seen on its way',
  'check-in and check-out hang side by side',
];

/** The browser's stories, through Nginx, with whichever of the two processes answers. */
export function storyCheck(stand: Stand, form: Form): Check {
  return {
    name: 'stories in a browser',
    work: async () => {
      // Chromium reads whom it may trust in the home folder that playwright.config.ts gives it.
      await trustAuthority(join(stand.clone, '.data/test/home/.pki/nssdb'), stand.authority.authorityFile);
      const report = join(stand.folder, 'stories.json');
      const files = form === 'short' ? shortStories : await allStories(stand.clone);
      const { code, output } = await tryCommand(
        join(stand.clone, 'node_modules/.bin/playwright'),
        [
          'test',
          ...files.map((name) => `tests/e2e/${name}.spec.ts`),
          ...(form === 'short' ? ['--grep', shortTitles.join('|')] : []),
        ],
        {
          cwd: stand.clone,
          loud: true,
          env: {
            ...stand.env,
            PLAYWRIGHT_JSON_OUTPUT_FILE: report,
            // For stories that look into the store themselves.
            AWS_ACCESS_KEY_ID: stand.settings.AWS_ACCESS_KEY_ID,
            AWS_SECRET_ACCESS_KEY: stand.settings.AWS_SECRET_ACCESS_KEY,
            PWTEST_CACHE_DIR: join(stand.folder, 'playwright-cache'),
            // There is one stage: its stories take turns.
            E2E_WORKERS: '1',
            E2E_READY_STAGE: JSON.stringify({
              toolUrl: stand.toolUrl,
              lmsUrl: stand.lmsUrl,
              platformPort: stand.platformPort,
              toolEnv: { ...stand.env, ...stand.settings },
            }),
          },
        },
      );
      assert.equal(code, 0, output.trimEnd().split('\n').slice(-40).join('\n'));
      const { stats } = JSON.parse(await readFile(report, 'utf8')) as { stats: { expected: number } };
      assert.ok(stats.expected > 0, 'nothing was played');
      const left = form === 'long' ? `; left out: ${Object.keys(notHere).join(', ')}` : '';
      return `${String(stats.expected)} passed${left}`;
    },
  };
}

async function allStories(clone: string): Promise<string[]> {
  const names = (await readdir(join(clone, 'tests/e2e')))
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => file.replace('.spec.ts', ''));
  for (const name of Object.keys(notHere))
    assert.ok(names.includes(name), `there is no story ${name} any more`);
  return names.filter((name) => notHere[name] === undefined);
}
