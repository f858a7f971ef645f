import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from './build-when-changed.mjs';
import { installPackages } from './install-packages.mjs';
import { endWithChildren, ownEnvironment, ownNode, run, Sentence } from './run-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** Builds the tool when it has changed, and measures it. What is measured is told by tests/bench/main.ts. */
export async function runBench() {
  endWithChildren();
  try {
    await installPackages(root);
    await buildWhenChanged(root);
    const { code } = await run(
      ownNode(root),
      ['--expose-gc', 'tests/bench/main.ts', ...process.argv.slice(2)],
      {
        cwd: root,
        env: ownEnvironment(root),
      },
    );
    process.exitCode ||= code;
  } catch (error) {
    console.error(error instanceof Sentence ? error.message : error);
    process.exitCode ||= 1;
  }
}
