// The production server, one form everywhere: `npm start`, systemd, PM2, a container (in .next/standalone).
// Options: --host (0.0.0.0).
import cluster from 'node:cluster';
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import next from 'next';
import { env } from '#lib/base/env.ts';
import { createGracefulServer } from '#lib/base/graceful-server.ts';
import { errorFacts, processLog } from '#lib/base/log.ts';
import { nameRelease } from '#lib/base/release.ts';
import { endStreams, isStopping, shutDown, takeChargeOfShutdown } from '#lib/base/shutdown.ts';
import { processStarted } from '#lib/base/startup.ts';
import { guardExchange } from '#lib/http/guard-exchange.ts';
import { tellUnavailablePages } from '#lib/http/unavailable-pages.ts';
import { watchServer } from '#lib/watching/watch-server.ts';

/** Platforms send SIGKILL ten seconds (Docker) or thirty (Heroku) after SIGTERM. Jobs take five of them at most. */
const requestsEndWithinMs = 4_000;
const everythingEndsWithinMs = 9_500;
/** In a cluster, connections are handed over by the first process: some may be on their way when we take no more. */
const handOverMs = 300;

// Next decides by it which React it loads.
Object.assign(process.env, { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' });
for (const file of ['.env.local', '.env']) if (existsSync(file)) process.loadEnvFile(file);

const { values: options } = parseArgs({ options: { host: { type: 'string', default: '0.0.0.0' } } });
if (!existsSync(resolve('.next/BUILD_ID'))) fail('There is no build yet. Run first: npm run build');
const settings = readSettings();
const log = processLog(settings.LOG_LEVEL);
const port = settings.PORT;

takeChargeOfShutdown();
nameRelease(readFileSync(resolve('.next/BUILD_ID'), 'utf8').trim());
const watch = watchServer({
  log,
  port,
  dataDir: settings.SK_DATA_DIR,
  tracesTo: settings.OTEL_EXPORTER_OTLP_ENDPOINT,
});

// The build's settings, without next.config.ts and what it would need: as Next itself starts a standalone build.
const built = JSON.parse(readFileSync(resolve('.next/required-server-files.json'), 'utf8')) as {
  config: unknown;
};
process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(built.config);

const ready = Promise.withResolvers<(request: IncomingMessage, response: ServerResponse) => Promise<void>>();

const { server, beginStop, finish } = createGracefulServer((request, response) => {
  watch(request, response);
  guardExchange(request, response);
  tellUnavailablePages(request, response);
  ready.promise
    .then((handle) => handle(request, response))
    .catch((error: unknown) => {
      log.error(errorFacts(error), 'a request could not be handled');
      if (!response.headersSent) response.statusCode = 500;
      response.end();
    });
});
server.on('error', (error: NodeJS.ErrnoException) => {
  fail(
    error.code === 'EADDRINUSE'
      ? `Port ${String(port)} is in use by another program. Stop it, or choose another with PORT.`
      : error.code === 'EACCES'
        ? `Port ${String(port)} may not be opened by this account. Choose one above 1023 with PORT.`
        : `The server could not start: ${error.message}`,
  );
});

let stopping = false;
let started = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    beginStopping(signal);
  });
}
// PM2, where it may send no signals.
process.on('message', (message) => {
  if (message === 'shutdown') beginStopping(message);
});

const listen = () =>
  new Promise<void>((done) => {
    server.listen(port, options.host, done);
  });
// The port is taken before anything else is started: a second server must not even touch the database. In a cluster
// the port is everybody's, and whoever cannot start yet must not be handed requests.
if (!cluster.isWorker) await listen();
const app = next({ dev: false, dir: process.cwd(), hostname: 'localhost', port });
try {
  await app.prepare();
  // Next has begun to run instrumentation.ts: database, migrations, keys. Requests wait for it.
  await processStarted();
} catch (error) {
  fail(sentenceOf(error));
}
started = true;
ready.resolve(app.getRequestHandler());
// Whoever was told to stop meanwhile takes no requests any more.
if (!isStopping()) {
  if (cluster.isWorker) await listen();
  log.info({ port, url: settings.PUBLIC_URL }, 'listening');
  // PM2 takes the process before from its work only now (wait_ready).
  process.send?.('ready');
}

function beginStopping(why: string): void {
  if (stopping) return;
  stopping = true;
  void stop(why);
}

/** No new requests; live streams end (browsers reconnect elsewhere); what is being answered is answered. */
async function stop(why: string): Promise<void> {
  log.info({ why }, 'stopping');
  const lastCall = setTimeout(() => {
    log.warn({}, 'stopping took too long');
    process.exit(1);
  }, everythingEndsWithinMs);
  lastCall.unref();
  await beginStop();
  await endStreams((error) => {
    log.error(errorFacts(error), 'ending the live streams failed');
  });
  await finish({ atLeastMs: cluster.isWorker ? handOverMs : 0, atMostMs: requestsEndWithinMs });
  await shutDown((error) => {
    log.error(errorFacts(error), 'stopping failed');
  });
  if (started) await app.close();
  log.info({}, 'stopped');
  process.exit(0);
}

/** What the program or the database says about itself is one sentence; only a fault of ours needs its place. */
function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return `The server could not start: ${String(error)}`;
  const message = error.message.replace(/^An error occurred while loading instrumentation hook: /, '');
  if (['EmbeddedServerError', 'DatabaseSetupError', 'LostSecretError'].includes(error.name)) return message;
  // Node's system errors and PostgreSQL's SQLSTATE (class 28, 3D, 57 …) both come with a code.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined && /^(E[A-Z]+|[0-9A-Z]{5})$/.test(code)) {
    return `The server could not start: ${message} (${code}). Is DATABASE_URL right, and does the database answer?`;
  }
  return `The server could not start: ${error.stack ?? message}`;
}

function readSettings(): ReturnType<typeof env> {
  try {
    return env();
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
