import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** All that a release is made of. What is not here must not change what the built tool does. */
const inputs = [
  'app',
  'drizzle',
  'lib',
  'public',
  'scripts/start.ts',
  'scripts/release-id.ts',
  'middleware.ts',
  'instrumentation.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];

/**
 * The name of the release that these files make, the same on every machine and in every process: 24 hexadecimal
 * digits of a hash of their names and contents.
 *
 * @param root the project's folder
 */
export function releaseIdOf(root: string): string {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap((input) => filesBelow(root, input)).sort()) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex').slice(0, 24);
}

function filesBelow(root: string, path: string): string[] {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return path.endsWith('.test.ts') ? [] : [path];
  return readdirSync(join(root, path)).flatMap((entry) => filesBelow(root, `${path}/${entry}`));
}
