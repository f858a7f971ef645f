import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics } from 'prom-client';
import { z } from 'zod';
import type { Log } from '../base/log.ts';
import { runningRelease } from '../base/release.ts';
import { isRequestId, newRequestId, requestIdHeader } from '../base/request-id.ts';
import { markDirect } from './ask-directly.ts';
import { meters } from './meters.ts';
import { endOnUncaught, quietConsole } from './quiet-console.ts';
import { createRouteOf } from './route-templates.ts';
import type { RouteOf } from './route-templates.ts';
import { shareMetrics } from './share-metrics.ts';
import { startTracing } from './start-tracing.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const assets = '/_next/static';
/** What machines ask for all day long. */
const unremarkable = new Set([assets, '/health', '/health/ready', '/metrics']);

export interface Watched {
  log: Log;
  port: number;
  dataDir: string;
  /** OTEL_EXPORTER_OTLP_ENDPOINT. */
  tracesTo: string | undefined;
}

/**
 * Watches a production server: its metrics, one line of log a request, and what packages print. Called once, when the
 * process has taken charge of its shutdown.
 *
 * @returns to be called with each request, before it is answered
 */
export function watchServer(watched: Watched): (request: IncomingMessage, response: ServerResponse) => void {
  quietConsole(watched.log);
  endOnUncaught(watched.log);
  const { registry, build } = meters();
  collectDefaultMetrics({ register: registry });
  build.set({ version: version(), build: runningRelease(), node: process.version }, 1);
  void shareMetrics(watched);
  const routes = builtRoutes();
  if (watched.tracesTo !== undefined) void startTracing(watched.log, routes);
  return watchRequests(watched.log, createRouteOf(routes));
}

/** Gives each request its id, counts it, times it, and writes its line when its answer has ended. */
export function watchRequests(
  log: Log,
  routeOf: RouteOf,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { requests, latency } = meters();
  return (request, response) => {
    const began = performance.now();
    markDirect(request);
    const given = request.headers[requestIdHeader];
    const requestId = isRequestId(given) ? given : newRequestId();
    // What answers, and all that it logs, is known by the same id.
    request.headers[requestIdHeader] = requestId;
    response.once('close', () => {
      const ms = performance.now() - began;
      const method = methods.has(request.method ?? '') ? (request.method ?? '') : 'other';
      const [path = ''] = (request.url ?? '').split('?', 1);
      const route = path.startsWith(assets) ? assets : (routeOf(path) ?? 'other');
      // As nginx calls it: nobody waited for the answer any more.
      const status = response.headersSent ? response.statusCode : 499;
      requests.inc({ method, route, status });
      if (!isStream(response)) latency.observe({ method, route }, ms / 1000);
      const level = unremarkable.has(route) && status < 500 ? 'debug' : 'info';
      log[level]({ requestId, method, route, status, ms: Math.round(ms * 10) / 10 }, 'request');
    });
  };
}

function isStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}

const manifest = z.object({
  staticRoutes: z.array(z.object({ page: z.string() })),
  dynamicRoutes: z.array(z.object({ page: z.string() })),
});

/** The routes of this build, as Next lists them. */
function builtRoutes(): string[] {
  const { staticRoutes, dynamicRoutes } = manifest.parse(
    JSON.parse(readFileSync('.next/routes-manifest.json', 'utf8')),
  );
  return [...staticRoutes, ...dynamicRoutes].map(({ page }) => page);
}

function version(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8'))).version;
}
