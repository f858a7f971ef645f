import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from './build-when-changed.mjs';
import { installPackages } from './install-packages.mjs';
import { judge, readReport } from './judge-run.mjs';
import { runDeployTests } from './run-deploy-tests.mjs';
import { runFaultTests } from './run-fault-tests.mjs';
import { endWithChildren, isInterrupted, ownEnvironment, ownNode, run, Sentence } from './run-program.mjs';
import { readChoice } from './read-choice.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');
const results = join(root, 'test-results');
const bin = (name) => join(root, 'node_modules/.bin', name);

/**
 * Each stage answers how many checks passed and failed. All of them run, whatever the others say: one run
 * shows everything that is wrong.
 */
const stages = [
  { name: 'format', work: () => check('prettier', ['--check', '--log-level=warn', '.']) },
  {
    name: 'types',
    work: async () => both(await check('next', ['typegen']), await check('tsc', ['--noEmit'])),
  },
  { name: 'lint', work: () => check('eslint', ['--max-warnings=0', '.']) },
  { name: 'rooms', work: () => checkScript('check:rooms') },
  { name: 'unused', work: () => check('knip', []) },
  {
    name: 'supply-chain',
    work: async () => both(await checkProgram('check-licences.ts'), await checkProgram('check-audit.ts')),
  },
  { name: 'unit', work: () => runVitest() },
  { name: 'oldest-postgres', work: () => runVitest(['tests/db'], { TEST_POSTGRES: 'oldest' }) },
  { name: 'build', work: build },
  { name: 'faults', work: () => runFaultTests('short') },
  { name: 'deploy', work: () => runDeployTests('short') },
  { name: 'e2e', work: runPlaywright },
];

const usage = `npm test [-- --only ${stages.map(({ name }) => name).join(',')}]

Installs what is missing, runs every stage, and ends with one line: N passed, N failed.`;

export async function runTests() {
  endWithChildren();
  const chosen = readChoice({ kind: 'stage', names: stages.map(({ name }) => name), usage });
  if (chosen === undefined) return;
  const total = { passed: 0, failed: 0 };
  const failures = [];
  try {
    await installPackages(root);
    mkdirSync(results, { recursive: true });
    for (const { name, work } of stages.filter((stage) => chosen.includes(stage.name))) {
      console.log(`\n── ${name}`);
      const began = Date.now();
      const outcome = await work().catch((error) => {
        console.error(error instanceof Sentence ? error.message : error);
        return { passed: 0, failed: 1 };
      });
      if (isInterrupted()) throw new Sentence('Interrupted.');
      total.passed += outcome.passed;
      total.failed += outcome.failed;
      if (outcome.failed > 0) failures.push(name);
      console.log(
        `── ${name}: ${outcome.failed === 0 ? 'ok' : 'FAILED'}, ${((Date.now() - began) / 1000).toFixed(1)} s`,
      );
    }
  } catch (error) {
    // Whatever broke the run off, the closing line must not look like a success.
    console.error(error instanceof Sentence ? error.message : error);
    total.failed += 1;
  }
  if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode ||= 1;
}

async function check(program, args, more = {}) {
  const { code } = await run(bin(program), args, { cwd: root, env: ownEnvironment(root, more) });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** One check, made of several commands. */
function both(one, two) {
  return one.failed + two.failed === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function checkProgram(file) {
  const { code } = await run(ownNode(root), [`scripts/${file}`], { cwd: root, env: ownEnvironment(root) });
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function checkScript(name) {
  const [program, ...args] = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts[name].split(
    ' ',
  );
  return check(program, args);
}

async function runVitest(files = [], more = {}) {
  const report = join(results, 'vitest.json');
  rmSync(report, { force: true });
  const { code } = await run(
    bin('vitest'),
    ['run', ...files, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: root, env: ownEnvironment(root, { NODE_ENV: 'test', ...more }) },
  );
  const { numPassedTests = 0, numFailedTests = 0 } = readReport(report);
  return judge(code, numPassedTests, numFailedTests);
}

async function build() {
  if (!(await buildWhenChanged(root))) console.log('The build is up to date.');
  return { passed: 1, failed: 0 };
}

async function runPlaywright() {
  // Playwright's own browser, where it comes to that, belongs into the project too.
  const env = ownEnvironment(root, {
    PLAYWRIGHT_BROWSERS_PATH: '0',
    // Playwright keeps translated tests in the system's temporary folder, unless told otherwise.
    PWTEST_CACHE_DIR: join(root, '.data/test/playwright-cache'),
  });
  const browser = await run(ownNode(root), ['scripts/find-browser.ts', '--install'], {
    cwd: root,
    env,
    quiet: true,
  });
  if (browser.code !== 0) throw new Sentence(browser.output);
  const path = browser.output.trim().split('\n').at(-1);
  console.log(`browser: ${path}`);
  await buildWhenChanged(root);
  const report = join(results, 'playwright.json');
  rmSync(report, { force: true });
  const more = { CHROMIUM_PATH: path, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  // Stories wait more than they work: two stages at once are done in little more than half the time.
  const { code } = await run(bin('playwright'), ['test'], {
    cwd: root,
    env: { E2E_WORKERS: String(Math.min(2, availableParallelism())), ...env, ...more },
  });
  const { expected = 0, unexpected = 0, flaky = 0 } = readReport(report).stats ?? {};
  return judge(code, expected, unexpected + flaky);
}
