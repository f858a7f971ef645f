import type { Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { html } from 'hono/html';
import { appRoutes } from './app-pages.ts';
import { assetRoutes, pictureRoutes } from './assets.ts';
import { authorizeRoutes } from './authorize.ts';
import { controlRoutes } from './control.ts';
import { courseRoutes } from './course-pages.ts';
import type { PlatformIdentity } from './identity.ts';
import { identityAt, identityOf, sampleApiToken } from './identity.ts';
import { Inbox } from './inbox.ts';
import { inboxRoutes, mailBodyRoutes } from './inbox-pages.ts';
import { LaunchShelf } from './launches.ts';
import { documentPage, renderProblem } from './layout.ts';
import { lineItemRoutes } from './line-items.ts';
import { deepLinkingResponseRoutes, moduleRoutes } from './module-pages.ts';
import { namesAndRolesRoutes } from './names-and-roles.ts';
import { phonePickerRoutes, phoneRoutes } from './phone.ts';
import type { Platform } from './platform.ts';
import { registrationRoutes } from './registration.ts';
import { restRoutes } from './rest.ts';
import { Roster } from './roster.ts';
import { scoreRoutes } from './scores.ts';
import { signInRoutes } from './sign-in.ts';
import { SigningKeys } from './signing-keys.ts';
import { SingleUse } from './single-use.ts';
import { startRoutes } from './start-page.ts';
import { isErrno, StartFault, StateFile } from './state.ts';
import { Throttle } from './throttle.ts';
import { AccessTokens, tokenRoutes } from './token-endpoint.ts';
import { toolRoutes } from './tool-pages.ts';
import { Tools } from './tools.ts';
import type { PageEnv } from './viewer.ts';
import { viewerOf } from './viewer.ts';

export interface DemoOptions {
  /** 0 takes a free one. */
  port: number;
  /** The tool's own address. */
  toolUrl: string;
  /** Where keys, scores and changed people are kept. */
  dataDir: string;
  host?: string;
  /** The https address of a TLS proxy before it, which hands the Host header on. */
  publicUrl?: string | undefined;
  apiToken?: string;
  /** Where it takes mails; 0 takes a free port, none: it takes no mails. */
  smtpPort?: number | undefined;
  /** Serves `/demo/control/…`. */
  control?: boolean;
  /** Added to each answer of a service, in milliseconds. */
  latencyMs?: number;
  now?: () => Date;
}

export interface RunningDemo {
  /** Where people and tools reach it. */
  url: string;
  /** Where it listens. */
  port: number;
  /** Where it takes mails. */
  smtpUrl: string | undefined;
  close: () => Promise<void>;
}

/** The largest body that any route takes. */
const largestBody = 1_000_000;

/**
 * Starts the demo platform.
 *
 * @throws StartFault with a sentence for the person at the terminal: port in use, folder not writable.
 */
export async function startDemo(options: DemoOptions): Promise<RunningDemo> {
  const host = options.host ?? '127.0.0.1';
  const publicUrl = options.publicUrl === undefined ? undefined : readOrigin(options.publicUrl);
  const file = await StateFile.open(options.dataDir);
  const inbox = new Inbox(options.now ?? (() => new Date()));
  let app: Hono | undefined;
  const answer = (request: Request): Response | Promise<Response> =>
    app?.fetch(request) ?? new Response('starting', { status: 503 });
  const server = createAdaptorServer({ fetch: answer }) as Server;
  const servers = [server];
  const port = await listen(server, host, options.port);
  let url: string;
  try {
    if (options.smtpPort !== undefined) await inbox.listen(options.smtpPort);
    const identity = publicUrl === undefined ? identityAt(port) : identityOf(publicUrl);
    app = await createApp(options, { file, inbox }, port, identity);
    url = identity.issuer;
    // Browsers take *.localhost to either loopback address: the phones answer on both where there are two.
    if (host === '127.0.0.1') {
      const second = createAdaptorServer({ fetch: answer }) as Server;
      if (await listen(second, '::1', port).catch(() => undefined)) servers.push(second);
    }
  } catch (error) {
    await Promise.all([...servers.map(closeServer), inbox.close()]);
    throw error;
  }
  return {
    url,
    port,
    smtpUrl: inbox.url,
    close: async () => {
      await Promise.all([...servers.map(closeServer), inbox.close()]);
      await file.close();
    },
  };
}

function readOrigin(text: string): string {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.href !== `${url.origin}/`) {
    throw new StartFault('DEMO_PUBLIC_URL must be an https address without a path.');
  }
  return url.origin;
}

async function createApp(
  options: DemoOptions,
  { file, inbox }: { file: StateFile; inbox: Inbox },
  port: number,
  identity: PlatformIdentity,
): Promise<Hono> {
  let offset = 0;
  const clock = options.now ?? (() => new Date());
  const now = (): Date => new Date(clock().getTime() + offset);
  const toolUrl = options.toolUrl.replace(/\/+$/, '');
  const roster = new Roster(file);
  const platform: Platform = {
    identity,
    toolUrl,
    apiToken: options.apiToken ?? sampleApiToken,
    file,
    roster,
    tools: new Tools(file, roster, toolUrl),
    keys: await SigningKeys.open(file, now()),
    launches: new LaunchShelf(file.state.secret, now),
    tokens: new AccessTokens(),
    singleUse: new SingleUse(),
    inbox,
    throttle: new Throttle(),
    nextLaunches: [],
    now,
    setClockOffset: (milliseconds) => {
      offset = milliseconds;
    },
  };

  const own = new URL(identity.issuer);
  const assets = await assetRoutes();
  const phones = new Hono<PageEnv>();
  phones.use(pageHeaders(platform), viewerOf(platform));
  phones.route('/', assets).route('/', phoneRoutes(platform));

  const services = new Hono();
  const { latencyMs = 0 } = options;
  if (latencyMs > 0) {
    services.use('/api/*', async (_c, next) => {
      await delay(latencyMs);
      await next();
    });
  }
  services
    .route('/', registrationRoutes(platform))
    .route('/', tokenRoutes(platform))
    .route('/', namesAndRolesRoutes(platform))
    .route('/', lineItemRoutes(platform))
    .route('/', scoreRoutes(platform))
    .route('/', restRoutes(platform));
  if (options.control === true) services.route('/', controlRoutes(platform));

  const pages = new Hono<PageEnv>();
  pages.use(pageHeaders(platform), viewerOf(platform));
  // Tools post to these two from elsewhere; every other form is our own.
  pages.route('/', authorizeRoutes(platform)).route('/', deepLinkingResponseRoutes(platform));
  pages.use(async (c, next) => {
    const origin = c.req.header('origin');
    if (c.req.method !== 'GET' && origin !== undefined && origin !== identity.issuer) {
      return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').forbiddenOrigin), 403);
    }
    return next();
  });
  pages.get('/post_message_forwarding', async (c) =>
    c.html(
      await documentPage({
        lang: c.get('lang'),
        title: 'forwarding',
        scripts: ['forwarding.js'],
        body: html``,
      }),
    ),
  );
  pages
    .route('/', pictureRoutes(platform))
    .route('/', startRoutes(platform))
    .route('/', inboxRoutes(platform))
    .route('/', signInRoutes(platform))
    .route('/', courseRoutes(platform))
    .route('/', moduleRoutes(platform))
    .route('/', toolRoutes(platform))
    .route('/', appRoutes(platform))
    .route('/', phonePickerRoutes(platform));
  pages.notFound(async (c) =>
    c.html(await renderProblem(c, c.get('t').notFoundTitle, c.get('t').notFoundText), 404),
  );

  const app = new Hono();
  app.use(async (c, next) => {
    if (Number(c.req.header('content-length') ?? 0) > largestBody) return c.text('too large', 413);
    const host = c.req.header('host') ?? '';
    if (host === own.host) return next();
    if (host.endsWith(`.localhost${own.port && `:${own.port}`}`)) return phones.fetch(c.req.raw);
    // The same machine by another name: one name only, or logins and launches would not meet.
    const names = ['localhost', '[::1]', '127.0.0.1'];
    const other = names.some((name) => host === `${name}:${String(port)}` || host === `${name}:${own.port}`);
    const { pathname, search } = new URL(c.req.url);
    if (other && c.req.method === 'GET') return c.redirect(`${identity.issuer}${pathname}${search}`);
    return c.text(`The demo answers at ${identity.issuer}\n`, 421);
  });
  app.route('/', assets);
  app.route('/', services);
  app.route('/', mailBodyRoutes(platform));
  app.all('*', (c) => pages.fetch(c.req.raw));
  for (const part of [app, pages, phones]) part.onError(answerFault);
  return app;
}

/** Only the demo's own pages may frame it: itself, and its phones. */
function pageHeaders(platform: Platform) {
  const { protocol, port } = new URL(platform.identity.issuer);
  const phones = `${protocol}//*.localhost${port && `:${port}`}`;
  const policy = (framed: readonly string[]): string =>
    [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "base-uri 'none'",
      `frame-src ${framed.join(' ')}`,
      `frame-ancestors 'self' ${phones}`,
    ].join('; ');
  return createMiddleware<PageEnv>(async (c, next) => {
    await next();
    // The tools, as far as they are known now; a page that registers one frames one more.
    const framed = [
      "'self'",
      platform.identity.issuer,
      ...platform.tools.origins(),
      c.get('framed') ?? [],
    ].flat();
    c.header('Content-Security-Policy', policy(framed));
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'strict-origin-when-cross-origin');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });
}

function answerFault(error: Error, c: Context): Response {
  const { pathname } = new URL(c.req.url);
  console.warn(`The demo failed at ${c.req.method} ${pathname}: ${error.stack ?? error.message}`);
  return c.text('The demo failed. Its terminal says why.\n', 500);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (isErrno(error, 'EADDRINUSE')) {
        const sentence = `Port ${String(port)} is in use: stop the program that has it, or choose another with DEMO_PORT.`;
        reject(new StartFault(sentence));
      } else if (isErrno(error, 'EACCES')) {
        reject(
          new StartFault(`Port ${String(port)} is not allowed here: choose one above 1023 with DEMO_PORT.`),
        );
      } else reject(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
