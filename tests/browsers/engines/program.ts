import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Program {
  /**
   * Waits for the line that matches, and answers its first group.
   *
   * @throws with the program's last words, when it ends or takes too long before that
   */
  says(pattern: RegExp): Promise<string>;
  /** Ends it with all that it has started. */
  stop(): Promise<void>;
}

const saysWithinMs = 30_000;
const stopsWithinMs = 3_000;

export function startProgram(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Program {
  // A group of its own: browsers leave children behind, which end with it.
  const child = spawn(name, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const signal = (kind: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, kind);
    } catch {
      // All of it has ended.
    }
  };
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  let end: string | undefined;
  const hear = (): void => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      hear();
    });
  }
  child.once('error', ({ message }) => {
    end = message;
    hear();
  });
  child.once('exit', (code, by) => {
    end ??= `ended (${by ?? String(code)})`;
    hear();
  });
  return {
    says: (pattern) =>
      new Promise((done, failed) => {
        const settle = (work: () => void): void => {
          listeners.delete(look);
          clearTimeout(late);
          work();
        };
        const fail = (how: string): void => {
          settle(() => {
            failed(new Error(`${name}: ${how}. Its last words:\n${lines.slice(-12).join('\n')}`));
          });
        };
        const look = (): void => {
          const match = lines.map((line) => pattern.exec(line)).find((one) => one !== null);
          if (match !== undefined) {
            settle(() => {
              done(match[1] ?? match[0]);
            });
          } else if (end !== undefined) fail(end);
        };
        const late = setTimeout(() => {
          fail(`did not say ${String(pattern)} within ${String(saysWithinMs / 1000)} s`);
        }, saysWithinMs);
        listeners.add(look);
        look();
      }),
    stop: async () => {
      if (end === undefined) {
        const ended = once(child, 'exit');
        signal('SIGTERM');
        const hard = setTimeout(() => {
          signal('SIGKILL');
        }, stopsWithinMs);
        await ended;
        clearTimeout(hard);
      }
      signal('SIGKILL');
    },
  };
}
