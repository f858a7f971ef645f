import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from './build-when-changed.mjs';
import { engineNames, findEngines } from './find-engines.mjs';
import { installPackages } from './install-packages.mjs';
import { judge, readReport } from './judge-run.mjs';
import { endWithChildren, isInterrupted, ownEnvironment, run, Sentence } from './run-program.mjs';
import { readChoice } from './read-choice.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const results = join(root, 'test-results');

const usage = `npm run test:browsers [-- --only ${engineNames.join(',')}]

Launches the tool and checks a student in, over HTTPS, in each engine. Installs what is missing (as root on
Debian), and ends with one line: N passed, N failed. An engine that cannot be had has failed.`;

export async function runBrowserTests() {
  endWithChildren();
  const names = readChoice({ kind: 'engine', names: engineNames, usage });
  if (names === undefined) return;
  const total = { passed: 0, failed: 0 };
  try {
    await installPackages(root);
    // Playwright's own browser, where it comes to that, belongs into the project too.
    const env = ownEnvironment(root, {
      PLAYWRIGHT_BROWSERS_PATH: '0',
      PWTEST_CACHE_DIR: join(root, '.data/test/playwright-cache'),
    });
    const engines = await findEngines(root, env, names);
    if (isInterrupted()) throw new Sentence('Interrupted.');
    await buildWhenChanged(root);
    const found = engines.filter(({ absence }) => absence === undefined);
    const outcome = found.length === 0 ? total : await runPlaywright(found, env);
    total.passed = outcome.passed;
    total.failed = outcome.failed;
    if (isInterrupted()) throw new Sentence('Interrupted.');
    for (const { name, absence } of engines) {
      if (absence === undefined) continue;
      total.failed += 1;
      console.log(`\n${name}: NOT TESTED, ${absence}`);
    }
  } catch (error) {
    // Whatever broke the run off, the closing line must not look like a success.
    console.error(error instanceof Sentence ? error.message : error);
    total.failed += 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode ||= 1;
}

async function runPlaywright(engines, env) {
  mkdirSync(results, { recursive: true });
  const report = join(results, 'browsers.json');
  rmSync(report, { force: true });
  const chromium = engines.find(({ path }) => path !== undefined);
  const { code } = await run(
    join(root, 'node_modules/.bin/playwright'),
    [
      ...['test', '--config=tests/browsers/playwright.config.ts'],
      ...engines.map(({ name }) => `--project=${name}*`),
    ],
    { cwd: root, env: { ...env, ...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium.path }) } },
  );
  const { expected = 0, unexpected = 0, flaky = 0 } = readReport(report).stats ?? {};
  return judge(code, expected, unexpected + flaky);
}
