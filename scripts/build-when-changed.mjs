import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInterrupted, ownEnvironment, run, Sentence } from './run-program.mjs';

const inputs = [
  'app',
  'lib',
  'public',
  'middleware.ts',
  'instrumentation.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

/** Builds the tool, unless the last build was made of exactly these files. Returns whether it built. */
export async function buildWhenChanged(root) {
  const stampFile = join(root, '.next/inputs.sha256');
  const stamp = hashOf(root);
  const built = existsSync(join(root, '.next/BUILD_ID')) && existsSync(stampFile);
  if (built && readFileSync(stampFile, 'utf8') === stamp) return false;
  console.log('Building the tool (about half a minute) …');
  const { code, output } = await run(join(root, 'node_modules/.bin/next'), ['build'], {
    cwd: root,
    env: ownEnvironment(root, { NODE_ENV: 'production' }),
    quiet: true,
  });
  if (isInterrupted()) throw new Sentence('Interrupted.');
  if (code !== 0) throw new Sentence(`${output}\nThe build failed; its words are above.`);
  writeFileSync(stampFile, stamp);
  return true;
}

function hashOf(root) {
  const hash = createHash('sha256').update(process.platform);
  for (const path of inputs.flatMap((input) => filesBelow(root, input)).sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

function filesBelow(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  const entries = readdirIfFolder(full);
  if (entries === undefined) return path.endsWith('.test.ts') ? [] : [path];
  return entries.flatMap((entry) => filesBelow(root, `${path}/${entry}`));
}

function readdirIfFolder(full) {
  try {
    return readdirSync(full);
  } catch {
    return undefined;
  }
}
