// Installs the tool as an operator does, looks at it from outside, and prints what it saw: node tests/deploy/main.ts short|long
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { awayCheck, seedClass, siteChecks } from './checks.ts';
import type { Check } from './checks.ts';
import { backupCheck } from './backup-checks.ts';
import { leanPackagesCheck } from './lean-packages-check.ts';
import { reloadChecks } from './reload-checks.ts';
import { storyCheck } from './stories.ts';
import { startStand, Takedown } from './stand.ts';

const root = resolve(import.meta.dirname, '../..');
const form = process.argv[2] === 'long' ? 'long' : 'short';
const began = performance.now();
const report: string[] = [];
let passed = 0;
const failed: string[] = [];

function say(line: string): void {
  const at = ((performance.now() - began) / 1000).toFixed(0).padStart(4);
  report.push(`${at} s  ${line}`);
  console.log(report.at(-1));
}

async function run({ name, work }: Check): Promise<void> {
  try {
    say(`✓ ${name}: ${await work()}`);
    passed += 1;
  } catch (error) {
    if (state.interrupted) return;
    failed.push(name);
    say(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const takedown = new Takedown();
/** Set by the signals' handlers while something is being waited for. */
const state = { interrupted: false };
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (state.interrupted) return;
    state.interrupted = true;
    void takedown.run().finally(() => process.exit(1));
  });
}

try {
  const stand = await startStand({
    root,
    form,
    takedown,
    say: (what) => {
      say(`  ${what}`);
    },
  });
  const held = await seedClass(stand);
  for (const check of await siteChecks(stand, held)) await run(check);
  for (const check of await reloadChecks(stand, held, form === 'short' ? 1 : 5)) await run(check);
  await run(storyCheck(stand, form));
  await run(leanPackagesCheck(stand, held));
  await run(backupCheck(stand, held));
  await run(await awayCheck(stand, held));
} catch (error) {
  if (!state.interrupted) {
    failed.push('the installation');
    say(`✗ the installation: ${error instanceof Error ? error.message : String(error)}`);
  }
} finally {
  await takedown.run();
}
const results = join(root, 'test-results');
await mkdir(results, { recursive: true });
await writeFile(join(results, 'deploy.txt'), `${report.join('\n')}\n`);
await writeFile(join(results, 'deploy.json'), JSON.stringify({ passed, failed: failed.length }));
if (failed.length > 0) process.exitCode = 1;
