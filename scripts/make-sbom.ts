// The list of all that is shipped (CycloneDX 1.5): `npm run sbom -- [--to FILE]`. It is read off package-lock.json: npm's
// own `npm sbom --omit dev` leaves out what some tool of the development needs as well, `pg` and `zod` among it.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isShipped, nameOf, readLock } from './check-licences.ts';
import type { Locked, LockedPackages } from './check-licences.ts';

const { values } = parseArgs({ options: { to: { type: 'string', default: 'sbom.cdx.json' } } });
const { name, version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as Record<'name' | 'version', string>;

const packages = readLock();
const root = `${name}@${version}`;
const shipped = Object.entries(packages).filter(([place, locked]) => place !== '' && isShipped(locked));

/** One package may lie in several places. */
const components = new Map(
  shipped.map(([place, locked]) => [refOf(place, locked), componentOf(place, locked)]),
);
const needs = new Map<string, Set<string>>();
for (const [place, locked] of [['', packages[''] ?? {}] as const, ...shipped]) {
  const ref = place === '' ? root : refOf(place, locked);
  const found = needs.get(ref) ?? new Set<string>();
  const { dependencies, optionalDependencies, peerDependencies } = locked;
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    const at = placeOf(packages, needed, place);
    const there = at === undefined ? undefined : packages[at];
    if (at !== undefined && there !== undefined && isShipped(there)) found.add(refOf(at, there));
  }
  needs.set(ref, found);
}

writeFileSync(
  values.to,
  `${JSON.stringify(
    {
      $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      version: 1,
      metadata: {
        timestamp: new Date().toISOString(),
        component: { 'bom-ref': root, type: 'application', name, version },
      },
      components: [...components.values()],
      dependencies: [...needs].map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn] })),
    },
    undefined,
    2,
  )}\n`,
);
console.log(`${values.to}: ${String(components.size)} packages`);

function refOf(place: string, locked: Locked): string {
  return `${nameOf(place, locked)}@${locked.version ?? ''}`;
}

function componentOf(place: string, locked: Locked) {
  const full = nameOf(place, locked);
  const [, group, own = full] = /^(@[^/]+)\/(.+)$/.exec(full) ?? [];
  const { version = '', license, resolved, integrity } = locked;
  const hash = /^sha512-(.+)$/.exec(integrity ?? '')?.[1];
  return {
    'bom-ref': refOf(place, locked),
    type: 'library',
    ...(group !== undefined && { group }),
    name: own,
    version,
    purl: `pkg:npm/${full.replace('@', '%40')}@${version}`,
    scope: locked.optional === true || locked.devOptional === true ? 'optional' : 'required',
    ...(typeof license === 'string' && {
      licenses: [/[ (]/.test(license) ? { expression: license } : { license: { id: license } }],
    }),
    ...(hash !== undefined && {
      hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }],
    }),
    ...(resolved !== undefined && { externalReferences: [{ type: 'distribution', url: resolved }] }),
  };
}

/** Where Node would find a package that is asked for at `from`: beside it, then further up. */
function placeOf(packages: LockedPackages, needed: string, from: string): string | undefined {
  const place = `${from === '' ? '' : `${from}/`}node_modules/${needed}`;
  if (place in packages) return place;
  return from === ''
    ? undefined
    : placeOf(packages, needed, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}
