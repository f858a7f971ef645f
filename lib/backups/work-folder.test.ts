import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inWorkFolder } from './work-folder.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'sk-work-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const leftBehind = async (name: string, hoursAgo: number) => {
  const folder = join(data, 'backup-work', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'database'), 'a whole dump');
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  await utimes(folder, at, at);
};

test('what a killed run left behind goes with the next one; what may still be at work stays', async () => {
  await leftBehind('run-killed', 25);
  await leftBehind('run-beside', 5);
  const own = await inWorkFolder({ SK_DATA_DIR: data }, (folder) => {
    expect(existsSync(folder)).toBe(true);
    return Promise.resolve(folder);
  });
  expect(existsSync(own)).toBe(false);
  expect(await readdir(join(data, 'backup-work'))).toEqual(['run-beside']);
});
