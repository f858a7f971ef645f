import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';

/** What went wrong, as one sentence with the way on: shown without a stack. */
export class Sentence extends Error {}

export function ownNode(root) {
  return join(root, 'node_modules/.bin/node');
}

/** The environment for the project's own programs: its Node, the one that the lock file names, comes first. */
export function ownEnvironment(root, more = {}) {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, NEXT_TELEMETRY_DISABLED: '1', ...more };
}

const running = new Set();
let interrupted = false;

export function isInterrupted() {
  return interrupted;
}

/**
 * A terminal sends Ctrl-C to us and to our children alike; a supervisor signals us alone. Either way the
 * children end first, then we.
 */
export function endWithChildren() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      interrupted = true;
      process.exitCode = 128 + constants.signals[signal];
      for (const child of running) child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
    });
  }
}

/**
 * Runs a program to its end. `quiet` keeps its output back; it is in the answer in any case.
 * `channel` opens a channel to it, by which it learns of our death.
 */
export function run(program, args, { cwd, env = process.env, quiet = false, channel = false }) {
  return new Promise((done) => {
    const piped = quiet ? 'pipe' : 'inherit';
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: ['ignore', piped, piped, ...(channel ? ['ipc'] : [])],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    }
    running.add(child);
    child.once('error', (error) => {
      running.delete(child);
      done({ code: 1, output: error.message, missing: error.code === 'ENOENT' });
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      done({ code: code ?? 128 + (constants.signals[signal] ?? 1), output, missing: false });
    });
  });
}
