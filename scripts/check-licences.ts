// Whether everything that is shipped may be shipped: `npm run check:licences`.
import { readFileSync } from 'node:fs';

export interface Locked {
  name?: string;
  version?: string;
  license?: unknown;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  resolved?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** By place: `node_modules/a/node_modules/b`; the project itself is at ''. */
export type LockedPackages = Readonly<Record<string, Locked>>;

/** Licences (SPDX) that ask for no more than their text to be kept; MPL-2.0 asks it of its own, unmodified files. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
]);

/** Packages of other licences that are taken all the same. */
const exceptions: readonly { name: RegExp; licence: RegExp; why: string }[] = [
  {
    name: /^@img\/sharp-/,
    licence: /LGPL-3\.0-or-later/,
    why: 'optional parts of Next that nothing here loads (pictures are made by another library); `--omit=optional` leaves them out',
  },
  {
    name: /^caniuse-lite$/,
    licence: /^CC-BY-4\.0$/,
    why: 'a table of browsers that the build reads; no part of what is served',
  },
];

/** `@scope/name`, as the registry calls it: a package may lie under another name. */
export function nameOf(place: string, { name }: Locked): string {
  return name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** What `npm ci --omit=dev` installs: also what is a tool here and an optional part of something shipped (`devOptional`). */
export function isShipped({ dev }: Locked): boolean {
  return dev !== true;
}

/**
 * Whether an SPDX expression can be met by what is allowed: one of what `OR` joins, all of what `AND` joins. Brackets
 * within are not understood, and doubted.
 */
export function isAllowed(expression: string): boolean {
  return expression
    .replace(/^\(([^()]*)\)$/, '$1')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}

/** The packages of which nobody has said that they may be shipped, each with its licence. */
export function findDoubts(packages: LockedPackages): string[] {
  return Object.entries(packages).flatMap(([place, locked]) => {
    if (place === '' || !isShipped(locked)) return [];
    const name = nameOf(place, locked);
    const licence = typeof locked.license === 'string' ? locked.license : 'no licence';
    const isExcepted = exceptions.some((one) => one.name.test(name) && one.licence.test(licence));
    return isAllowed(licence) || isExcepted ? [] : [`${name}@${locked.version ?? '?'}: ${licence}`];
  });
}

/** How many packages there are of each licence, the most frequent first. */
export function countLicences(packages: readonly Locked[]): string {
  const counts = new Map<string, number>();
  for (const { license } of packages) {
    const name = typeof license === 'string' ? license : 'not named';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}

export function readLock(): LockedPackages {
  const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { packages: LockedPackages }).packages;
}

if (import.meta.main) {
  const packages = readLock();
  const all = Object.entries(packages).flatMap(([place, locked]) => (place === '' ? [] : [locked]));
  console.log(`Shipped: ${countLicences(all.filter(isShipped))}`);
  for (const { name, why } of exceptions) console.log(`  taken all the same, ${name.source}: ${why}`);
  console.log(
    `Tools of the development, which are not shipped: ${countLicences(all.filter((one) => !isShipped(one)))}`,
  );
  const doubts = findDoubts(packages);
  if (doubts.length > 0) {
    console.error(
      `These may not be shipped until scripts/check-licences.ts says why they may:\n${doubts.join('\n')}`,
    );
    process.exitCode = 1;
  }
}
