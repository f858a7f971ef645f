import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from './build-when-changed.mjs';
import { installPackages } from './install-packages.mjs';
import { judge, readReport } from './judge-run.mjs';
import { endWithChildren, isInterrupted, ownEnvironment, run, Sentence } from './run-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const results = join(root, 'test-results');

/**
 * Kills and restarts the built tool and PostgreSQL while phones check in.
 *
 * @param form short: a seminar and one fault of each kind; long: full lecture halls and several of each
 */
export async function runFaultTests(form) {
  await buildWhenChanged(root);
  if (isInterrupted()) throw new Sentence('Interrupted.');
  mkdirSync(results, { recursive: true });
  const report = join(results, 'faults.json');
  rmSync(report, { force: true });
  const { code } = await run(
    join(root, 'node_modules/.bin/vitest'),
    [
      ...['run', '--config=tests/faults/vitest.config.ts'],
      ...['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { cwd: root, env: ownEnvironment(root, { NODE_ENV: 'test', FAULTS: form }) },
  );
  const { numPassedTests = 0, numFailedTests = 0 } = readReport(report);
  return judge(code, numPassedTests, numFailedTests);
}

/** The long form, as a program of its own: ends with one line, N passed, N failed. */
export async function testFaults() {
  endWithChildren();
  const total = { passed: 0, failed: 0 };
  try {
    await installPackages(root);
    Object.assign(total, await runFaultTests('long'));
  } catch (error) {
    // Whatever broke the run off, the closing line must not look like a success.
    console.error(error instanceof Sentence ? error.message : error);
    total.failed += 1;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode ||= 1;
}
