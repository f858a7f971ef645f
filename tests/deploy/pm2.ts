import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from './run-command.ts';

export interface Pm2Process {
  id: number;
  pid: number;
  status: string;
  restarts: number;
}

export interface Pm2 {
  start(): Promise<void>;
  /** By what an operator calls after a new release. */
  reload(): Promise<void>;
  /** All processes; PM2 itself stays. */
  stop(): Promise<void>;
  list(): Promise<Pm2Process[]>;
  /** Waits until so many are online. */
  untilOnline(count: number): Promise<Pm2Process[]>;
  /** All processes, and PM2's own. */
  end(): Promise<void>;
}

const onlineWithinMs = 60_000;

/** PM2 with a home of its own, beside whatever else runs on this machine. */
export function pm2In(clone: string, home: string, env: NodeJS.ProcessEnv): Pm2 {
  const node = join(clone, 'node_modules/.bin/node');
  const script = join(clone, 'node_modules/pm2/bin/pm2');
  const pm2 = (...args: string[]) =>
    runCommand(node, [script, ...args], {
      cwd: clone,
      atTheEnd: args[0] === 'kill',
      env: { ...env, PM2_HOME: home, PM2_DISCRETE_MODE: 'true' },
    });
  const list = async (): Promise<Pm2Process[]> => {
    const said = await pm2('jlist');
    const found = JSON.parse(said.slice(said.indexOf('['))) as {
      pm_id: number;
      pid: number;
      pm2_env: { status: string; restart_time: number };
    }[];
    return found.map((one) => ({
      id: one.pm_id,
      pid: one.pid,
      status: one.pm2_env.status,
      restarts: one.pm2_env.restart_time,
    }));
  };
  return {
    list,
    start: async () => {
      await pm2('start', 'ecosystem.config.cjs');
    },
    reload: async () => {
      await pm2('reload', 'ecosystem.config.cjs');
    },
    stop: async () => {
      await pm2('stop', 'ecosystem.config.cjs');
    },
    untilOnline: async (count) => {
      for (const deadline = Date.now() + onlineWithinMs; ;) {
        const processes = await list();
        if (processes.filter(({ status }) => status === 'online').length >= count) return processes;
        if (Date.now() > deadline) throw new Error(`PM2 shows ${JSON.stringify(processes)}`);
        await delay(300);
      }
    },
    end: async () => {
      await pm2('kill');
    },
  };
}
