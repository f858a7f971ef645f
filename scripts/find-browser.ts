// Finds a browser for the e2e tests. Run as a program (with --install) it also gets one, and prints its path.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const apps = ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'];

/** $CHROMIUM_PATH, an installed Chromium or Chrome, or Playwright's own, in this order. */
export function findBrowser(): string | undefined {
  const asked = process.env.CHROMIUM_PATH;
  if (asked !== undefined && asked !== '') {
    if (runs(asked)) return asked;
    throw new Error(`CHROMIUM_PATH names no browser that runs: ${asked}`);
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      apps.map((app) => join(folder, app)),
    ),
    chromium.executablePath(),
  ];
  return candidates.find((path) => existsSync(path) && runs(path));
}

/** A file of that name may be a hint to install the real thing (Ubuntu), or lack its libraries. */
function runs(path: string): boolean {
  const asked = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return asked.status === 0 && asked.stdout.includes('Chrom');
}

function install(): string | undefined {
  const steps: [string, string[]][] = [['playwright', ['install', 'chromium']]];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    steps.push(['apt-get', ['update', '-qq']], ['apt-get', ['install', '-y', '-qq', 'chromium']]);
  }
  for (const [program, args] of steps) {
    process.stderr.write(`No browser yet; trying: ${program} ${args.join(' ')}\n`);
    spawnSync(program, args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const found = findBrowser();
    if (found !== undefined) return found;
  }
  return undefined;
}

if (import.meta.main) {
  const found = findBrowser() ?? (process.argv.includes('--install') ? install() : undefined);
  if (found === undefined) {
    process.stderr.write(
      'No browser for the e2e tests: install Chromium or Chrome, or set CHROMIUM_PATH to one.\n',
    );
    process.exitCode = 1;
  } else {
    process.stdout.write(`${found}\n`);
  }
}
