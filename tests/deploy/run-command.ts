import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

export interface Ended {
  code: number;
  /** What it said on both channels. */
  output: string;
}

export interface CommandOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Shows what it says while it says it. */
  loud?: boolean;
  /** May start although everything is being taken down. */
  atTheEnd?: boolean;
}

export interface Service {
  pid: number;
  hasEnded(): boolean;
  /** Asks it to end, by SIGTERM, and for ever by SIGKILL after twelve seconds. */
  stop(): Promise<void>;
}

const stopWithinMs = 12_000;
const running = new Set<ChildProcess>();
let isOver = false;

/** Commands that are still under way end now, with what they have started, and no further ones begin. */
export function endCommands(): void {
  isOver = true;
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGTERM');
    } catch {
      // It has just ended by itself.
    }
  }
}

/** Runs a program to its end, whatever that is. */
export async function tryCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Ended> {
  if (isOver && options.atTheEnd !== true) throw new Error(`${program} is not started any more`);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches us alone; we end the children in order, each as the group that it is.
    detached: true,
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (options.loud === true) process.stdout.write(text);
    });
  }
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, output };
  } finally {
    running.delete(child);
  }
}

/** Runs a program that has to succeed. @returns what it said */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { code, output } = await tryCommand(program, args, options);
  if (code !== 0) {
    const last = output.trimEnd().split('\n').slice(-30).join('\n');
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${last}`);
  }
  return output;
}

/** Starts a program that goes on running; what it says goes to a file. */
export async function startService(
  program: string,
  args: readonly string[],
  options: CommandOptions & { logFile: string },
): Promise<Service> {
  const log = await open(options.logFile, 'a', 0o600);
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  });
  await Promise.all([once(child, 'spawn'), log.close()]);
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid ?? 0,
    hasEnded,
    stop: async () => {
      if (hasEnded()) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
      await ended;
      clearTimeout(hard);
    },
  };
}
