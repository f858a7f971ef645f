import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { freePort } from './free-port.ts';

export interface RunningTool {
  url: string;
  pid: number;
  /** As a platform stops it: what is being answered is answered. */
  stop(): Promise<void>;
  /** As a crash stops it (SIGKILL). */
  kill(): Promise<void>;
  /** To a file that was preloaded. */
  tell(message: object): void;
}

export interface ToolOptions {
  /** By default any free one. */
  port?: number;
  /** What is started instead of the one process of `npm start`. */
  program?: string;
  /** Files that are loaded before the tool. */
  preload?: readonly string[];
  /** Where its log goes; by default nowhere. */
  logFile?: string;
}

const startWithinMs = 60_000;

/**
 * The built tool as a process of its own, on a database that is there already; several may share one, as behind a
 * balancer. Its own address differs, what it says of itself does not. It ends when the test's process does.
 */
export async function startTool(env: NodeJS.ProcessEnv, options: ToolOptions = {}): Promise<RunningTool> {
  const port = options.port ?? (await freePort());
  const preload = ['scripts/end-with-parent.ts', ...(options.preload ?? [])];
  const log = options.logFile === undefined ? undefined : await open(options.logFile, 'a', 0o600);
  const child = spawn(
    process.execPath,
    [
      ...preload.flatMap((file) => ['--import', pathToFileURL(file).href]),
      ...[options.program ?? 'scripts/start.ts', '--host', '127.0.0.1'],
    ],
    {
      env: { ...env, PORT: String(port) },
      stdio: ['ignore', log?.fd ?? 'ignore', log?.fd ?? 'inherit', 'ipc'],
    },
  );
  await log?.close();
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded()) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  };
  const url = `http://127.0.0.1:${String(port)}`;
  const deadline = Date.now() + startWithinMs;
  while (Date.now() < deadline) {
    if (hasEnded()) throw new Error(`the tool ended with ${String(child.exitCode ?? child.signalCode)}`);
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true && child.pid !== undefined) {
      return {
        ...{ url, pid: child.pid, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') },
        tell: (message) => child.send(message),
      };
    }
    await delay(50);
  }
  await end('SIGKILL');
  throw new Error('the tool did not answer');
}
