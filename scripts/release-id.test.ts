import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { releaseIdOf } from './release-id.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sk-release-'));
  made.push(folder);
  mkdirSync(join(folder, 'app/courses'), { recursive: true });
  writeFileSync(join(folder, 'app/courses/page.tsx'), 'one');
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  return folder;
}

test('the same files are the same release, wherever they lie', () => {
  const [here, there] = [project(), project()];
  expect(releaseIdOf(here)).toMatch(/^[0-9a-f]{24}$/);
  expect(releaseIdOf(there)).toBe(releaseIdOf(here));
});

test('a changed, a renamed and a new file make another release; a test, a build and data do not', () => {
  const before = project();
  const changed = (change: (folder: string) => void) => {
    const folder = project();
    change(folder);
    return releaseIdOf(folder);
  };
  const ids = [
    changed((folder) => {
      writeFileSync(join(folder, 'app/courses/page.tsx'), 'two');
    }),
    changed((folder) => {
      cpSync(join(folder, 'app/courses'), join(folder, 'app/others'), { recursive: true });
      rmSync(join(folder, 'app/courses'), { recursive: true });
    }),
    changed((folder) => {
      writeFileSync(join(folder, 'middleware.ts'), '');
    }),
  ];
  expect(new Set([releaseIdOf(before), ...ids]).size).toBe(4);
  const same = changed((folder) => {
    writeFileSync(join(folder, 'app/courses/page.test.ts'), '');
    mkdirSync(join(folder, '.next'));
    writeFileSync(join(folder, '.next/BUILD_ID'), '');
    writeFileSync(join(folder, '.env'), 'SESSION_SECRET=of-this-machine');
  });
  expect(same).toBe(releaseIdOf(before));
});

test('no server action closes over values: what it needs is sent in the open, and checked', () => {
  const files = globSync('{app,lib}/**/*.{ts,tsx}', { cwd: join(import.meta.dirname, '..') });
  const withActions = files.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, '..', file), 'utf8');
    const said = text.match(/^\s*['"]use server['"];?$/gm) ?? [];
    return said.length === 0
      ? []
      : [{ file, atTop: said.length === 1 && /^['"]use server['"];\n/.test(text) }];
  });
  expect(withActions.length).toBeGreaterThan(10);
  expect(withActions.filter(({ atTop }) => !atTop)).toEqual([]);
});
