import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInterrupted, ownNode, run, Sentence } from './run-program.mjs';

/** Installs what package-lock.json asks for and node_modules does not hold. */
export async function installPackages(root) {
  if (!isInstalled(root)) {
    console.log('Installing the packages (the first time this takes a minute or two) …');
    const { code, missing } = await run(
      'npm',
      ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        cwd: root,
      },
    );
    if (missing) throw new Sentence('npm was not found. It comes with Node: https://nodejs.org.');
    if (isInterrupted()) throw new Sentence('Interrupted.');
    if (code !== 0) {
      throw new Sentence(
        'The packages could not be installed; npm says why above. Usual causes: no network, or no permission to write here.',
      );
    }
  }
  const { code, output } = await run(ownNode(root), ['--version'], { cwd: root, quiet: true });
  if (code !== 0 || !/^v(2[4-9]|[3-9]\d)\./.test(output)) {
    throw new Sentence(
      "The project's own Node did not install: npm was told to run no install scripts. Run: npm rebuild node --ignore-scripts=false",
    );
  }
}

/**
 * Compares versions, not dates: npm notes what it installed in node_modules/.package-lock.json, as its last
 * step, so that an installation that was broken off counts as none.
 */
function isInstalled(root) {
  const noted = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(noted)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(noted, 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    // Packages for other machines are wanted, and never installed.
    if (found[path] === undefined) return entry.optional === true || entry.devOptional === true;
    return found[path].version === entry.version;
  });
}
