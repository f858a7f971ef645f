import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const text = readFileSync('docs/security.md', 'utf8');

/** Each section of ASVS 5.0.0 with how many requirements of levels 1 and 2 it begins with; those of level 3 follow them. */
const sections = `
  1.1 2, 1.2 9, 1.3 11, 1.4 3, 1.5 2, 2.1 3, 2.2 3, 2.3 4, 2.4 1, 3.2 2, 3.3 4, 3.4 6,
  3.5 5, 3.7 2, 4.1 3, 4.2 1, 4.3 2, 4.4 4, 5.1 1, 5.2 3, 5.3 2, 5.4 3, 6.1 3, 6.2 12,
  6.3 4, 6.4 4, 6.5 5, 6.6 3, 6.8 4, 7.1 3, 7.2 4, 7.3 2, 7.4 5, 7.5 2, 7.6 2, 8.1 2,
  8.2 3, 8.3 1, 8.4 1, 9.1 3, 9.2 4, 10.1 2, 10.2 2, 10.3 4, 10.4 11, 10.5 5, 10.6 2, 10.7 3,
  11.1 2, 11.2 3, 11.3 3, 11.4 4, 11.5 1, 11.6 1, 12.1 3, 12.2 2, 12.3 4, 13.1 1, 13.2 5, 13.3 2,
  13.4 5, 14.1 2, 14.2 4, 14.3 3, 15.1 3, 15.2 3, 15.3 7, 16.1 1, 16.2 5, 16.3 4, 16.4 3, 16.5 3,
  17.1 1, 17.2 4, 17.3 2`;

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

const wanted = sections.split(',').flatMap((entry) => {
  const [section = '', count] = entry.trim().split(' ');
  return upTo(Number(count)).map((number) => `${section}.${String(number)}`);
});

/** `1.2.6 – 1.2.8` and `1.3.8, 1.3.9` as single numbers. */
function numbersOf(cell: string): string[] {
  return cell.split(',').flatMap((part) => {
    const [from = '', to = from] = part.trim().split(' – ');
    const section = from.slice(0, from.lastIndexOf('.'));
    const [first, last] = [from, to].map((one) => Number(one.slice(one.lastIndexOf('.') + 1)));
    return upTo(last ?? 0)
      .slice((first ?? 1) - 1)
      .map((number) => `${section}.${String(number)}`);
  });
}

const rows = [...text.matchAll(/^\| (\d+\.\d+\.\d+[^|]*?) +\| ([^|]+?) +\| ([^|]+?) +\| (.+?) +\|$/gm)];

test('every requirement of ASVS 5.0.0, level 2, has its line, once and in order', () => {
  expect(wanted).toHaveLength(253);
  expect(rows.flatMap(([, cell = '']) => numbersOf(cell))).toEqual(wanted);
});

test('every line says how it stands, and where', () => {
  for (const [, number, , state = '', where = ''] of rows) {
    expect([number, state]).toEqual([number, expect.stringMatching(/^(met|partly|not met|operator|n\/a)$/)]);
    expect(where.length, number).toBeGreaterThan(3);
  }
});

test('every file that the document names is there', () => {
  const names = [...text.matchAll(/`([\w.@[\]/-]+)`/g)]
    .map(([, name = '']) => name)
    .filter(
      (name) =>
        /^(app|lib|docs|scripts|tests|public|deploy)\//.test(name) || /^[\w.-]+\.(ts|json|mjs)$/.test(name),
    )
    // Files that every room has.
    .filter((name) => !['input.ts', 'rules.ts', 'queries.ts'].includes(name));
  expect(names.length).toBeGreaterThan(80);
  expect([...new Set(names)].filter((name) => !existsSync(name))).toEqual([]);
});
