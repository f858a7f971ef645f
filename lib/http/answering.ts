import { errorFacts } from '../base/log.ts';
import { asAppError } from './as-app-error.ts';
import { problemPage } from './problem-page.ts';
import { requestContext } from './request-context.ts';
import type { RequestContext } from './request-context.ts';

/**
 * Wraps a route handler: finds the viewer, and turns what is thrown into an answer with the right status, a
 * page for people or `{ error }` for programs. Next's own control flow (redirects) is not used in handlers.
 */
export function answering<Route>(
  handler: (request: Request, context: RequestContext, route: Route) => Promise<Response>,
): (request: Request, route: Route) => Promise<Response> {
  return async (request, route) => {
    const context = await requestContext(request);
    try {
      return await handler(request, context, route);
    } catch (error) {
      return answerError(request, context, error);
    }
  };
}

function answerError(
  request: Request,
  { ctx, t, language, requestId }: RequestContext,
  error: unknown,
): Response {
  const refusal = asAppError(error);
  const facts = { code: refusal.code, ...refusal.facts, path: new URL(request.url).pathname.split('/')[1] };
  if (refusal.status >= 500) ctx.log.error({ ...facts, ...errorFacts(refusal.cause ?? refusal) }, 'failed');
  else ctx.log.info(facts, 'refused');

  const headers: [string, string][] = [['x-request-id', requestId]];
  if (refusal.code === 'unavailable') headers.push(['retry-after', '3']);
  const accept = request.headers.get('accept') ?? '';
  if (/application\/json|text\/event-stream/.test(accept) && !accept.includes('text/html')) {
    return Response.json({ error: refusal.code, requestId }, { status: refusal.status, headers });
  }
  return problemPage({ code: refusal.code, t, language, requestId, headers });
}
