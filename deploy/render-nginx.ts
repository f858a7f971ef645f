// Prints the Nginx site, filled in from the tool's settings: node deploy/render-nginx.ts --env-file /etc/sk-attendance/env
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs, parseEnv as parseEnvFile } from 'node:util';
import { parseEnv } from '#lib/base/env.ts';

const usage = `node deploy/render-nginx.ts --env-file FILE [options] > sk-attendance.conf

  --env-file FILE        the tool's settings (PUBLIC_URL, PORT, MAX_FILE_SIZE are read)
  --ports 3001,3002      where the tool's processes listen; by default PORT alone (PM2: one port for all processes)
  --certificate FILE     by default Let's Encrypt's: /etc/letsencrypt/live/<host>/fullchain.pem
  --key FILE             by default /etc/letsencrypt/live/<host>/privkey.pem
  --listen-https A:P     where Nginx listens; by default 443 and [::]:443
  --listen-http A:P      by default 80 and [::]:80
  --log-dir FOLDER       by default /var/log/nginx
  --cache-dir FOLDER     by default /var/cache/nginx-sk-attendance
`;

/** Forms and tables that are read in may be this large, whatever is said of documents. */
const leastBodyBytes = 1_048_576;
/** What may come beside the file itself. */
const roomBytes = 65_536;

export interface SiteOptions {
  publicUrl: string;
  maxFileSize: number;
  ports: readonly number[];
  certificate?: string | undefined;
  key?: string | undefined;
  listenHttps?: string | undefined;
  listenHttp?: string | undefined;
  logDir?: string | undefined;
  cacheDir?: string | undefined;
}

/** The site's text. `template`: deploy/nginx/sk-attendance.conf. Throws where a word of the template has no value. */
export function renderSite(template: string, options: SiteOptions): string {
  const { hostname, origin } = new URL(options.publicUrl);
  const letsEncrypt = `/etc/letsencrypt/live/${hostname}`;
  const logDir = options.logDir ?? '/var/log/nginx';
  const listen = (given: string | undefined, port: number, more: string): string =>
    (given === undefined ? [String(port), `[::]:${String(port)}`] : [given])
      .map((one) => `  listen ${one}${more};`)
      .join('\n');
  const values: Record<string, string> = {
    SERVER_NAME: hostname,
    PUBLIC_URL: origin,
    CERTIFICATE: options.certificate ?? `${letsEncrypt}/fullchain.pem`,
    CERTIFICATE_KEY: options.key ?? `${letsEncrypt}/privkey.pem`,
    LISTEN_HTTP: listen(options.listenHttp, 80, ''),
    LISTEN_HTTPS: listen(options.listenHttps, 443, ' ssl http2'),
    // Behind one port PM2 has several processes: named twice, a request that one has not taken is tried again.
    UPSTREAMS: (options.ports.length === 1 ? [...options.ports, ...options.ports] : options.ports)
      .map((port) => `  server 127.0.0.1:${String(port)} max_fails=0;`)
      .join('\n'),
    BODY_LIMIT: String(Math.max(options.maxFileSize, leastBodyBytes) + roomBytes),
    ACCESS_LOG: `${logDir}/sk-attendance.log`,
    ERROR_LOG: `${logDir}/sk-attendance-error.log`,
    CACHE: options.cacheDir ?? '/var/cache/nginx-sk-attendance',
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`The template asks for ${name}, which has no value.`);
    return value;
  });
}

export function readSiteTemplate(): string {
  return readFileSync(join(import.meta.dirname, 'nginx/sk-attendance.conf'), 'utf8');
}

function main(): void {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      ...{ 'env-file': text, ports: text, certificate: text, key: text },
      ...{ 'listen-https': text, 'listen-http': text, 'log-dir': text, 'cache-dir': text },
      help: { type: 'boolean' },
    },
  });
  const envFile = values['env-file'];
  if (values.help === true || envFile === undefined) {
    process.stderr.write(usage);
    process.exitCode = values.help === true ? 0 : 1;
    return;
  }
  const settings = parseEnv(parseEnvFile(readFileSync(envFile, 'utf8')));
  if (!settings.ok) {
    process.stderr.write(`Settings need mending:\n- ${settings.problems.join('\n- ')}\n`);
    process.exitCode = 1;
    return;
  }
  const { env } = settings;
  if (!env.PUBLIC_URL.startsWith('https:')) {
    process.stderr.write(`PUBLIC_URL must begin with https: Nginx serves ${env.PUBLIC_URL} by TLS.\n`);
    process.exitCode = 1;
    return;
  }
  process.stdout.write(
    renderSite(readSiteTemplate(), {
      publicUrl: env.PUBLIC_URL,
      maxFileSize: env.MAX_FILE_SIZE,
      ports: values.ports === undefined ? [env.PORT] : values.ports.split(',').map(Number),
      certificate: values.certificate,
      key: values.key,
      listenHttps: values['listen-https'],
      listenHttp: values['listen-http'],
      logDir: values['log-dir'],
      cacheDir: values['cache-dir'],
    }),
  );
}

// Not import.meta.main: a server's Node may be 22.
if (realpathSync(process.argv[1] ?? '') === import.meta.filename) main();
