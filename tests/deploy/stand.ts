import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { renderSite, readSiteTemplate } from '../../deploy/render-nginx.ts';
import { toolEnvironment } from '../../demo/identity.ts';
import { makeTestAuthority } from '../browsers/test-authority.ts';
import type { TestAuthority } from '../browsers/test-authority.ts';
import { requirePrograms } from '../support/debian-packages.ts';
import { startDebianPostgres } from '../support/debian-postgres.ts';
import type { DebianPostgres } from '../support/debian-postgres.ts';
import { freePort } from '../support/free-port.ts';
import { startS3Server } from '../support/s3-server.ts';
import { makeCleanClone } from './clean-clone.ts';
import type { Form } from './clean-clone.ts';
import { checkNginxConfig, startNginx, writeNginxConfig } from './nginx-server.ts';
import { pm2In } from './pm2.ts';
import type { Pm2 } from './pm2.ts';
import { endCommands, runCommand, startService } from './run-command.ts';
import type { Service } from './run-command.ts';

/** The tool as an operator runs it on a server, and the demo LMS beside it; each on a site of its own, behind TLS. */
export interface Stand {
  /** Gone after the run. */
  folder: string;
  clone: string;
  /** The clone's own Node. */
  node: string;
  toolUrl: string;
  /** The same by plain HTTP. */
  plainUrl: string;
  lmsUrl: string;
  /** What the tool was started with. */
  settings: Readonly<Record<string, string>>;
  /** For programs of the clone: the settings, and the certificates that count here. */
  env: NodeJS.ProcessEnv;
  platformPort: number;
  authority: TestAuthority;
  postgres: DebianPostgres;
  pm2: Pm2;
  /** Where Nginx' logs lie. */
  logDir: string;
}

export const maxFileSize = 3_000_000;
export const metricsToken = 'of-these-tests-alone';

/** Of a developer's environment, what every program needs. */
const inherited = [
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  'CHROMIUM_PATH',
  'npm_config_cache',
  'npm_config_registry',
];
const databaseName = 'attendance';

/** Takes what was started down again, newest first. May be called at any time, more than once. */
export class Takedown {
  readonly #steps: { what: string; end: () => Promise<unknown> }[] = [];
  #ended = false;

  /** Ends at once when the takedown has begun already. */
  async add(what: string, end: () => Promise<unknown>): Promise<void> {
    if (this.#ended) await end();
    else this.#steps.push({ what, end });
  }

  async run(): Promise<void> {
    this.#ended = true;
    endCommands();
    for (const { what, end } of this.#steps.splice(0).reverse()) {
      await end().catch((error: unknown) => {
        process.stderr.write(`${what} could not be ended: ${String(error)}
`);
      });
    }
  }
}

export interface StandOptions {
  root: string;
  form: Form;
  takedown: Takedown;
  /** What is being done, for who waits. */
  say: (what: string) => void;
}

/** Installs from a clean clone and starts everything. What was started is in `takedown`, also when this throws. */
export async function startStand({ root, form, takedown, say }: StandOptions): Promise<Stand> {
  const [nginx = ''] = requirePrograms([
    { name: 'nginx', package: 'nginx-light' },
    { name: 'openssl', package: 'openssl' },
    { name: 'certutil', package: 'libnss3-tools' },
    { name: 'git', package: 'git' },
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'sk-attendance-deploy-'));
  await takedown.add('The folder', () =>
    rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  );
  // Nginx' and PostgreSQL's accounts pass through.
  await chmod(folder, 0o711);
  const place = (name: string): string => join(folder, name);
  const [clone, logDir] = [place('clone'), place('logs')];
  for (const name of ['logs', 'data', 'objects', 'database', 'backups']) await mkdir(place(name));
  await chmod(place('database'), 0o711);
  const base: NodeJS.ProcessEnv = {
    ...Object.fromEntries(inherited.map((name) => [name, process.env[name]])),
    PATH: `${join(clone, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  };

  say('installing from a clean clone');
  for (const done of await makeCleanClone(root, clone, { form, env: base })) say(done);
  const node = join(clone, 'node_modules/.bin/node');

  const postgres = await startDebianPostgres(place('database'));
  await takedown.add('PostgreSQL', () => postgres.stop());
  say(`PostgreSQL ${String(postgres.version)}`);
  const store = await startS3Server(place('objects'));
  await takedown.add('The store', () => store.close());
  say('a store that speaks S3');

  const [httpsPort, httpPort, lmsPort] = [await freePort(), await freePort(), await freePort()];
  const [toolPort, demoPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  const platformPort = await freePort();
  const toolUrl = `https://localhost:${String(httpsPort)}`;
  const lmsUrl = `https://127.0.0.1:${String(lmsPort)}`;
  const authority = await makeTestAuthority(place('authority'));
  const settings: Record<string, string> = {
    PORT: String(toolPort),
    PUBLIC_URL: toolUrl,
    DATABASE_URL: await postgres.createDatabase(databaseName),
    // A machine that is busy with other things too is no reason to turn anybody away.
    DB_CONNECT_TIMEOUT_SECONDS: '15',
    SESSION_SECRET: randomBytes(48).toString('base64url'),
    SK_DATA_DIR: place('data'),
    BACKUP_TO: place('backups'),
    METRICS_TOKEN: metricsToken,
    MAX_FILE_SIZE: String(maxFileSize),
    S3_BUCKET: store.bucket.bucket,
    S3_REGION: store.bucket.region,
    S3_ENDPOINT: store.bucket.endpoint ?? '',
    S3_FORCE_PATH_STYLE: 'true',
    S3_SERVER_SIDE_ENCRYPTION: 'none',
    AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? '',
    AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    ALLOW_PRIVATE_HOSTS: [lmsPort, platformPort].map((port) => `127.0.0.1:${String(port)}`).join(','),
    REGISTRATION_OPEN_HOSTS: `127.0.0.1:${String(lmsPort)}`,
    FRAME_ANCESTORS: `https://*.localhost:${String(lmsPort)}`,
    SMTP_URL: `smtp://127.0.0.1:${String(smtpPort)}`,
    EMAIL_FROM: 'SK Attendance <attendance@example.org>',
    ...toolEnvironment(lmsUrl),
  };
  // As on a server: a file that its owner alone may read.
  await writeFile(
    join(clone, '.env'),
    Object.entries(settings)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
    { mode: 0o600 },
  );
  const env = { ...base, NODE_EXTRA_CA_CERTS: authority.authorityFile };

  say('migrating the database');
  await runCommand(node, ['lib/cli/main.ts', 'db', 'migrate'], { cwd: clone, env });

  const pm2 = pm2In(clone, place('pm2'), env);
  await takedown.add('PM2', () => pm2.end());
  await pm2.start();
  await runCommand(
    node,
    ['deploy/wait-until-ready.mjs', `http://127.0.0.1:${String(toolPort)}/health/ready`],
    {
      cwd: clone,
      env,
    },
  );
  say(`PM2 with ${String((await pm2.untilOnline(2)).length)} processes behind one port`);

  const lms = await startService(node, ['demo/main.ts'], {
    cwd: clone,
    env: {
      ...env,
      DEMO_HOST: '127.0.0.1',
      DEMO_PORT: String(demoPort),
      DEMO_DATA_DIR: place('data/lms'),
      DEMO_SMTP_PORT: String(smtpPort),
      DEMO_PUBLIC_URL: lmsUrl,
      DEMO_CONTROL: '1',
      TOOL_URL: toolUrl,
    },
    logFile: join(logDir, 'demo-lms.log'),
  });
  await takedown.add('The demo LMS', () => lms.stop());

  const proxy = await startProxy(nginx, {
    ...{ folder, logDir, env, authority, toolUrl, toolPort, httpsPort, httpPort, lmsPort, demoPort },
  });
  await takedown.add('Nginx', () => proxy.stop());
  await untilAnswers(`http://127.0.0.1:${String(demoPort)}/`);
  say(`Nginx with TLS before both: ${toolUrl}, ${lmsUrl}`);

  return {
    ...{ folder, clone, node, toolUrl, lmsUrl, settings, platformPort, authority, postgres, pm2, logDir },
    plainUrl: `http://localhost:${String(httpPort)}`,
    env,
  };
}

interface ProxyOptions {
  folder: string;
  logDir: string;
  env: NodeJS.ProcessEnv;
  authority: TestAuthority;
  toolUrl: string;
  toolPort: number;
  httpsPort: number;
  httpPort: number;
  lmsPort: number;
  demoPort: number;
}

/** A real Nginx, with the site that we hand out, and a plain one for the demo LMS. */
async function startProxy(nginx: string, options: ProxyOptions): Promise<Service> {
  const { folder, logDir, env, authority } = options;
  const key = authority.certificateFile.replace(/\.pem$/, '.key');
  const ours = join(folder, 'site.conf');
  await writeFile(
    ours,
    renderSite(readSiteTemplate(), {
      publicUrl: options.toolUrl,
      maxFileSize,
      ports: [options.toolPort],
      certificate: authority.certificateFile,
      key,
      listenHttps: `127.0.0.1:${String(options.httpsPort)}`,
      listenHttp: `127.0.0.1:${String(options.httpPort)}`,
      logDir,
      cacheDir: join(folder, 'cache'),
    }),
  );
  const theirs = join(folder, 'lms.conf');
  await writeFile(
    theirs,
    `server {
  listen 127.0.0.1:${String(options.lmsPort)} ssl;
  ssl_certificate ${authority.certificateFile};
  ssl_certificate_key ${key};
  location / {
    proxy_pass http://127.0.0.1:${String(options.demoPort)};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto https;
    proxy_buffering off;
  }
}
`,
  );
  const config = await writeNginxConfig(folder, [ours, theirs]);
  await checkNginxConfig(nginx, config, env);
  return startNginx(nginx, config, { env, logFile: join(logDir, 'nginx.log'), port: options.httpsPort });
}

async function untilAnswers(url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ;) {
    const answer = await fetch(url, { redirect: 'manual' }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) return;
    if (Date.now() > deadline) throw new Error(`${url} does not answer`);
    await delay(50);
  }
}
