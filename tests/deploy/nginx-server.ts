import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:net';
import { runCommand, startService } from './run-command.ts';
import type { Service } from './run-command.ts';

/** The part of nginx.conf that is the machine's own, around the sites. Nothing of it lies outside of the folder. */
export async function writeNginxConfig(folder: string, sites: readonly string[]): Promise<string> {
  await mkdir(join(folder, 'temp'), { recursive: true });
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `  ${kind}_temp_path ${join(folder, 'temp', kind)};`,
  );
  const file = join(folder, 'nginx.conf');
  const lines = [
    'daemon off;',
    'worker_processes 2;',
    `pid ${join(folder, 'nginx.pid')};`,
    `error_log ${join(folder, 'nginx-error.log')} warn;`,
    'events { worker_connections 1024; }',
    'http {',
    '  include /etc/nginx/mime.types;',
    '  default_type application/octet-stream;',
    '  access_log off;',
    ...places,
    ...sites.map((site) => `  include ${site};`),
    '}',
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

/** What `nginx -t` says of it; throws when it does not like it. */
export function checkNginxConfig(nginx: string, config: string, env: NodeJS.ProcessEnv): Promise<string> {
  return runCommand(nginx, ['-t', '-c', config], { cwd: '/', env });
}

export async function startNginx(
  nginx: string,
  config: string,
  options: { env: NodeJS.ProcessEnv; logFile: string; port: number },
): Promise<Service> {
  const service = await startService(nginx, ['-c', config], { cwd: '/', ...options });
  for (const deadline = Date.now() + 10_000; ;) {
    if (await takesConnections(options.port)) return service;
    if (service.hasEnded() || Date.now() > deadline) {
      await service.stop();
      throw new Error(`Nginx did not start; see ${options.logFile}`);
    }
    await delay(50);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  });
}
