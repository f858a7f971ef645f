import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInterrupted, ownEnvironment, ownNode, run, Sentence } from './run-program.mjs';

/** Builds the tool, unless the last build was made of exactly these files. Returns whether it built. */
export async function buildWhenChanged(root) {
  // Beside the release: packages with native parts differ from one system to the other.
  const stampFile = join(root, '.next/inputs.sha256');
  const stamp = `${await releaseId(root)} ${process.platform}`;
  const built = existsSync(join(root, '.next/BUILD_ID')) && existsSync(stampFile);
  if (built && readFileSync(stampFile, 'utf8') === stamp) return false;
  console.log('Building the tool (about half a minute) …');
  const { code, output } = await run(ownNode(root), ['scripts/build.ts'], {
    cwd: root,
    env: ownEnvironment(root),
    quiet: true,
  });
  if (isInterrupted()) throw new Sentence('Interrupted.');
  if (code !== 0) throw new Sentence(`${output}\nThe build failed; its words are above.`);
  writeFileSync(stampFile, stamp);
  return true;
}

/** Asked of the project's own Node: an older one, which may run this, does not understand the file. */
async function releaseId(root) {
  const ask = "import('./scripts/release-id.ts').then(({ releaseIdOf }) => console.log(releaseIdOf('.')))";
  const { code, output } = await run(ownNode(root), ['-e', ask], { cwd: root, quiet: true });
  if (code !== 0) throw new Sentence(output);
  return output.trim();
}
