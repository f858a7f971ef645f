import { releaseHeader, runningRelease } from '#lib/base/release.ts';
import { checkReadiness } from '#lib/http/check-readiness.ts';

/**
 * For balancers, and for pages before they load themselves anew: whether requests may come here. It says what is wrong
 * in single words, to anybody.
 */
export async function GET(): Promise<Response> {
  const readiness = await checkReadiness();
  const isReady = readiness.status === 'ready' || readiness.status === 'degraded';
  return Response.json(readiness, {
    status: isReady ? 200 : 503,
    headers: {
      'cache-control': 'no-store',
      [releaseHeader]: runningRelease(),
      ...(isReady ? {} : { 'retry-after': '3' }),
    },
  });
}

export const dynamic = 'force-dynamic';
