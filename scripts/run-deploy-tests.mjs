import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from './build-when-changed.mjs';
import { installPackages } from './install-packages.mjs';
import { judge, readReport } from './judge-run.mjs';
import { endWithChildren, isInterrupted, ownEnvironment, ownNode, run, Sentence } from './run-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const results = join(root, 'test-results');

/**
 * Reads every file by which the tool is deployed with the program that it is made for; then installs the last commit as
 * an operator does, and looks at it from outside.
 *
 * @param form short: packages and build of this folder, a few stories in the browser; long: all of it anew, all stories
 */
export async function runDeployTests(form) {
  mkdirSync(results, { recursive: true });
  const env = ownEnvironment(root, { NODE_ENV: 'test' });
  const files = await runAndRead('deploy-files.json', (report) =>
    run(
      join(root, 'node_modules/.bin/vitest'),
      [
        ...['run', '--config=tests/deploy/vitest.config.ts', '--reporter=default'],
        ...['--reporter=json', `--outputFile.json=${report}`],
      ],
      { cwd: root, env },
    ),
  );
  if (isInterrupted()) throw new Sentence('Interrupted.');
  // The clone borrows it where it was made of the same files.
  if (form === 'short') await buildWhenChanged(root);
  const browser = await run(ownNode(root), ['scripts/find-browser.ts', '--install'], {
    cwd: root,
    env,
    quiet: true,
  });
  if (browser.code !== 0) throw new Sentence(browser.output);
  const path = browser.output.trim().split('\n').at(-1);
  const stand = await runAndRead('deploy.json', () =>
    run(ownNode(root), ['tests/deploy/main.ts', form], { cwd: root, env: { ...env, CHROMIUM_PATH: path } }),
  );
  return { passed: files.passed + stand.passed, failed: files.failed + stand.failed };
}

async function runAndRead(name, work) {
  const report = join(results, name);
  rmSync(report, { force: true });
  const { code } = await work(report);
  const { passed, failed, numPassedTests = passed ?? 0, numFailedTests = failed ?? 0 } = readReport(report);
  return judge(code, numPassedTests, numFailedTests);
}

/** The long form, as a program of its own: ends with one line, N passed, N failed. */
export async function testDeploy() {
  endWithChildren();
  const total = { passed: 0, failed: 0 };
  try {
    await installPackages(root);
    Object.assign(total, await runDeployTests('long'));
  } catch (error) {
    // Whatever broke the run off, the closing line must not look like a success.
    console.error(error instanceof Sentence ? error.message : error);
    total.failed += 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode ||= 1;
}
