import { env } from '../base/env.ts';
import { errorFacts, processLog } from '../base/log.ts';
import { requestIdHeader } from '../base/request-id.ts';
import { noteTold } from '../watching/told-errors.ts';
import { problemDigest } from './load-page.ts';

/** What broke where nothing of ours caught it: a line with its place and its route, without its words. */
export function tellRequestError(
  error: unknown,
  request: { headers: Readonly<Record<string, string | string[] | undefined>> },
  { routePath, routeType }: { routePath: string; routeType: string },
): void {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : '';
  // Ours has been told where it was caught.
  if (!digest.startsWith(problemDigest)) {
    const facts = { requestId: request.headers[requestIdHeader], route: routePath, kind: routeType };
    processLog(env().LOG_LEVEL).error({ ...facts, ...errorFacts(error) }, 'a request failed');
  }
  noteTold(error);
}
