import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ownNode, run } from './run-program.mjs';

/** What each engine's tests need on the machine, and the Debian packages that bring it. */
const engines = [
  { name: 'chromium', programs: { openssl: 'openssl', certutil: 'libnss3-tools' } },
  {
    name: 'firefox',
    programs: { openssl: 'openssl', certutil: 'libnss3-tools', 'firefox-esr': 'firefox-esr' },
  },
  {
    name: 'webkit',
    programs: { openssl: 'openssl', WebKitWebDriver: 'webkit2gtk-driver', Xvfb: 'xvfb' },
  },
];

export const engineNames = engines.map(({ name }) => name);

/**
 * Installs what the engines need, where that is possible (root on Debian), and answers for each why it cannot
 * be had, or nothing.
 */
export async function findEngines(root, env, names) {
  const wanted = engines.filter(({ name }) => names.includes(name));
  const packages = [...new Set(wanted.flatMap(({ programs }) => missing(programs).map(([, from]) => from)))];
  if (packages.length > 0 && process.platform === 'linux' && process.getuid?.() === 0) {
    await installDebian(packages, root);
  }
  const found = [];
  for (const { name, programs } of wanted) {
    const lacks = missing(programs).map(([program, from]) => `${program} (Debian: ${from})`);
    const absence = lacks.length > 0 ? `${lacks.join(' and ')} could not be found or installed` : undefined;
    if (name === 'chromium' && absence === undefined)
      found.push({ name, ...(await findChromium(root, env)) });
    else found.push({ name, absence });
  }
  return found;
}

/** Playwright's own counts too, which has ways of its own to be installed. */
async function findChromium(root, env) {
  const { code, output } = await run(ownNode(root), ['scripts/find-browser.ts', '--install'], {
    cwd: root,
    env,
    quiet: true,
  });
  const last = output.trim().split('\n').at(-1);
  return code === 0 ? { path: last } : { absence: last };
}

function missing(programs) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return Object.entries(programs).filter(
    ([program]) => !folders.some((folder) => existsSync(join(folder, program))),
  );
}

async function installDebian(packages, root) {
  console.log(`Installing ${packages.join(', ')} …`);
  const aptGet = (...args) =>
    run('apt-get', args, {
      cwd: root,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      quiet: true,
    });
  await aptGet('update', '-qq');
  const together = await aptGet('install', '-y', '-qq', ...packages);
  if (together.code === 0) return;
  // One that cannot be had does not keep the others away.
  for (const one of packages) {
    const { code, output } = await aptGet('install', '-y', '-qq', one);
    if (code !== 0) console.log(`${one} could not be installed: ${output.trim().split('\n').at(-1)}`);
  }
}
