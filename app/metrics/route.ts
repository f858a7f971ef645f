import { env } from '#lib/base/env.ts';
import { loadMetrics } from '#lib/http/watch-process.ts';
import { mayReadMetrics } from '#lib/watching/ask-directly.ts';

/** For Prometheus. Whoever may not read it hears no more than that nothing is here. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMetrics(request.headers, env().METRICS_TOKEN)) return new Response(null, { status: 404 });
  return new Response(await loadMetrics(), {
    headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' },
  });
}

export const dynamic = 'force-dynamic';
