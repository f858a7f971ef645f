import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWhenChanged } from './build-when-changed.mjs';
import { installPackages } from './install-packages.mjs';
import { endWithChildren, isInterrupted, ownEnvironment, ownNode, run, Sentence } from './run-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const usage = `npm run demo [-- --port 3001] [-- --demo-port 3002]

Starts the tool on http://localhost:PORT and a demo LMS on http://127.0.0.1:DEMO_PORT.
The environment variables PORT and DEMO_PORT do the same. What the demo keeps lies in .data/demo.`;

/** Installs, builds, and hands over to start-demo.ts, which needs the packages and the project's own Node. */
export async function runDemo() {
  endWithChildren();
  try {
    const ports = readPorts();
    if (ports === undefined) return;
    requireWritable();
    await requireFree(ports.port, '--port', 'PORT');
    await requireFree(ports.demoPort, '--demo-port', 'DEMO_PORT');
    await installPackages(root);
    await buildWhenChanged(root);
    if (isInterrupted()) return;
    const { code } = await run(
      ownNode(root),
      [
        ...['--import', './scripts/end-with-parent.ts', 'scripts/start-demo.ts'],
        ...['--port', String(ports.port), '--demo-port', String(ports.demoPort)],
      ],
      { cwd: root, env: ownEnvironment(root), channel: true },
    );
    // Ctrl-C is how the demo ends: that is no failure, and npm would print a page about it.
    process.exitCode = isInterrupted() && code !== 1 ? 0 : code;
  } catch (error) {
    if (!(error instanceof Sentence)) throw error;
    console.error(error.message);
    process.exitCode ||= 1;
  }
}

function readPorts() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string' },
        'demo-port': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new Sentence(`${error.message}\n\n${usage}`);
  }
  if (values.help) {
    console.log(usage);
    return undefined;
  }
  const port = toPort(values.port ?? (process.env.PORT || '3001'), '--port');
  const demoPort = toPort(values['demo-port'] ?? (process.env.DEMO_PORT || '3002'), '--demo-port');
  if (port === demoPort) throw new Sentence('--port and --demo-port must differ.');
  return { port, demoPort };
}

function toPort(text, name) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65535) return port;
  throw new Sentence(`${name} must be a number from 1 to 65535, not "${text}".`);
}

function requireWritable() {
  const data = join(root, '.data');
  try {
    mkdirSync(data, { recursive: true });
    const probe = join(data, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    for (const folder of [root, join(root, 'node_modules'), join(root, '.next')]) {
      if (existsSync(folder)) accessSync(folder, constants.W_OK);
    }
  } catch (error) {
    throw new Sentence(
      `The demo keeps its data in the project's folder, and this account may not write there (${error.code}: ${error.path ?? root}). ` +
        'Start it as the account that owns the folder, or clone the project to a folder of your own.',
    );
  }
}

async function requireFree(port, option, variable) {
  // Connecting as well as listening: macOS lets two programs listen where one has all addresses, one a single one.
  const taken =
    (await answers(port, '127.0.0.1')) || (await answers(port, '::1')) || (await listenFails(port));
  if (taken === false) return;
  if (taken === 'EACCES') {
    throw new Sentence(
      `Port ${port} may not be opened by this account. Choose one above 1023: npm run demo -- ${option} ${port + 10000 > 65535 ? 3011 : port + 10000} (or ${variable}=…).`,
    );
  }
  throw new Sentence(
    `Port ${port} is in use by another program (perhaps a demo that still runs). Stop it, or choose another port: npm run demo -- ${option} ${port + 10 > 65535 ? 3011 : port + 10} (or ${variable}=…).`,
  );
}

function answers(port, host) {
  return new Promise((done) => {
    const socket = connect({ port, host, timeout: 1000 });
    const end = (answer) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

function listenFails(port) {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done(error.code));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(false)));
  });
}
