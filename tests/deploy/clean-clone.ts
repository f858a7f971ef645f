import { cp } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

export type Form = 'short' | 'long';

/**
 * What an operator installs: a clone of the last commit, with its packages and its build. The short form borrows the
 * packages of this folder, and its build where that was made of the same files.
 */
export async function makeCleanClone(
  root: string,
  clone: string,
  { form, env }: { form: Form; env: NodeJS.ProcessEnv },
): Promise<string[]> {
  const here = { cwd: root, env };
  const there = { cwd: clone, env };
  const did: string[] = [];
  await runCommand('git', ['clone', '--quiet', '--no-hardlinks', root, clone], here);
  did.push(`cloned ${(await runCommand('git', ['rev-parse', '--short', 'HEAD'], there)).trim()}`);
  if (form === 'long') {
    // With NODE_ENV=production npm would leave out what the build needs.
    await runCommand('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], there);
    did.push('npm ci --include=dev');
  } else {
    const packages = [join(root, 'node_modules'), join(clone, 'node_modules')] as const;
    // Links cost nothing; another disk takes copies only.
    await runCommand('cp', ['-al', ...packages], here).catch(() =>
      runCommand('cp', ['-a', ...packages], here),
    );
    for (const entry of existsSync(join(root, '.next/BUILD_ID')) ? ['.next'] : []) {
      await cp(join(root, entry), join(clone, entry), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !/\/\.next\/(cache|dev|types|trace.*)$/.test(path),
      });
    }
    did.push('packages of this folder');
  }
  const script = `import('./scripts/build-when-changed.mjs').then((one) => one.buildWhenChanged(process.cwd())).then((built) => console.log(built ? 'npm run build' : 'its build, of the same files'))`;
  const said = await runCommand(join(clone, 'node_modules/.bin/node'), ['-e', script], there);
  did.push(said.trim().split('\n').at(-1) ?? '');
  return did;
}
