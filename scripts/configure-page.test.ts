import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingFacts, variables, variablesOfOthers } from '#lib/base/settings.ts';
import { configurePage } from './configure-page.ts';

test('docs/configure.md is up to date (npm run docs:configure)', async () => {
  expect(readFileSync('docs/configure.md', 'utf8')).toBe(await configurePage());
});

test.each(Object.entries(variables.shape))('%s is described in a sentence', (_name, schema) => {
  expect(settingFacts.get(schema)?.about).toMatch(/^.{15,}[.:]$/s);
});

/** Files by which the tool is deployed; what they set must be read by somebody. */
const deploymentFiles =
  /^(Procfile|app\.json|ecosystem\.config\.cjs|compose[^/]*\.yaml|Dockerfile|(\.do|\.ebextensions|\.platform|deploy)\/.*(?<!\.m?[jt]s))$/;
const settingLines = [
  /^\s*(?:ENV |Environment=|export )?["']?([A-Z][A-Z0-9_]{2,})["']?\s*[:=]/gm,
  /\bkey:\s*([A-Z][A-Z0-9_]+)/g,
];
/** Told to the programs beside the tool, to npm and to the hosts. */
const ofOtherPrograms = new Set([
  ...['POSTGRES_DB', 'POSTGRES_USER', 'POSTGRES_PASSWORD', 'POSTGRES_INITDB_ARGS', 'NPM_USE_PRODUCTION'],
  ...['NPM_CONFIG_PRODUCTION', 'NPM_CONFIG_OMIT', 'NODE_OPTIONS', 'HOSTNAME', 'HOME'],
]);

test('every variable that the deployment files set is a setting', () => {
  const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => deploymentFiles.test(file));
  expect(files.length).toBeGreaterThan(5);
  const unknown = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return settingLines
      .flatMap((line) => [...text.matchAll(line)].map(([, name = '']) => name))
      .filter((name) => !(name in variables.shape || name in variablesOfOthers || ofOtherPrograms.has(name)))
      .map((name) => `${file}: ${name}`);
  });
  expect(unknown).toEqual([]);
});
