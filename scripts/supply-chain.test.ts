import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAudit } from './check-audit.ts';
import { findDoubts, isAllowed, isShipped, nameOf, readLock } from './check-licences.ts';

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0-only)', true],
  ['Apache-2.0 AND MIT', true],
  ['Apache-2.0 AND LGPL-3.0-or-later', false],
  ['GPL-3.0-only OR AGPL-3.0-only', false],
  ['(MIT OR GPL-3.0-only) AND (GPL-3.0-only OR AGPL-3.0-only)', false],
  ['SEE LICENSE IN LICENSE', false],
  ['', false],
])('the licence "%s" may be shipped: %s', (expression, may) => {
  expect(isAllowed(expression)).toBe(may);
});

test('a package is doubted by its own licence, wherever it lies, unless it stays at home', () => {
  const copyleft = { version: '1.0.0', license: 'AGPL-3.0-only' };
  expect(
    findDoubts({
      '': { license: 'UNLICENSED' },
      'node_modules/good': { version: '1.0.0', license: 'MIT' },
      'node_modules/good/node_modules/@some/bad': copyleft,
      'node_modules/nameless': { version: '2.0.0' },
      'node_modules/a-tool': { ...copyleft, dev: true },
      'node_modules/also-a-part': { ...copyleft, devOptional: true },
      'node_modules/@img/sharp-linux-x64': { version: '1.0.0', license: 'LGPL-3.0-or-later', optional: true },
      'node_modules/@img/sharp-other': copyleft,
    }),
  ).toEqual([
    '@some/bad@1.0.0: AGPL-3.0-only',
    'nameless@2.0.0: no licence',
    'also-a-part@1.0.0: AGPL-3.0-only',
    '@img/sharp-other@1.0.0: AGPL-3.0-only',
  ]);
});

test.each([
  ['{"vulnerabilities":{},"metadata":{}}', { kind: 'clean' }],
  ['{"vulnerabilities":{"a":{"severity":"moderate"}}}', { kind: 'clean' }],
  [
    '{"vulnerabilities":{"a":{"severity":"high"},"b":{"severity":"critical"},"c":{"severity":"low"}}}',
    { kind: 'found', packages: ['a (high)', 'b (critical)'] },
  ],
  [
    '{"message":"405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk"}',
    { kind: 'not-checked', why: 'the registry offers no audits' },
  ],
  ['{"message":"getaddrinfo ENOTFOUND"}', { kind: 'not-checked', why: 'getaddrinfo ENOTFOUND' }],
  ['', { kind: 'not-checked', why: 'npm gave no answer that could be read' }],
])('an audit that says %s', (output, verdict) => {
  expect(readAudit(output)).toEqual(verdict);
});

test('the list of what is shipped names every package of it, with its version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'));
  try {
    const file = join(folder, 'sbom.json');
    execFileSync(process.execPath, ['scripts/make-sbom.ts', '--to', file]);
    const list = JSON.parse(readFileSync(file, 'utf8')) as {
      bomFormat: string;
      metadata: { component: { name: string } };
      components: { 'bom-ref': string; purl: string; hashes: unknown[] }[];
      dependencies: { ref: string; dependsOn: string[] }[];
    };
    expect(list).toMatchObject({
      bomFormat: 'CycloneDX',
      metadata: { component: { name: 'sk-attendance' } },
    });
    const listed = new Set(list.components.map((one) => one['bom-ref']));
    const shipped = Object.entries(readLock())
      .filter(([place, locked]) => place !== '' && isShipped(locked))
      .map(([place, locked]) => `${nameOf(place, locked)}@${locked.version ?? ''}`);
    expect([...listed].sort()).toEqual([...new Set(shipped)].sort());
    const pg = list.components.find((one) => one['bom-ref'].startsWith('pg@'));
    expect(pg).toMatchObject({
      purl: expect.stringMatching(/^pkg:npm\/pg@8/) as string,
      hashes: [{ alg: 'SHA-512' }],
    });
    const needed = list.dependencies.flatMap(({ dependsOn }) => dependsOn);
    expect(needed.filter((one) => !listed.has(one))).toEqual([]);
    // Nothing is shipped that nobody needs.
    expect([...listed].filter((one) => !needed.includes(one))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every package that runs a script when it is installed is allowed to by name, and docs/security.md says why', () => {
  const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    allowScripts: Record<string, boolean>;
  };
  const said = readFileSync('docs/security.md', 'utf8');
  const withScript = Object.entries(readLock()).filter(([, locked]) => locked.hasInstallScript === true);
  const names = new Set(withScript.map(([place, locked]) => nameOf(place, locked)));
  expect([...names].filter((name) => allowScripts[name] !== true)).toEqual([]);
  expect(Object.keys(allowScripts).filter((name) => !names.has(name))).toEqual([]);
  for (const name of names)
    expect(said).toContain(`\`${name.replace(/\/.*/, name.startsWith('@') ? '/' : '')}`);
});
