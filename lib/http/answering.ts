import { errorFacts } from '../base/log.ts';
import { asAppError } from './as-app-error.ts';
import { frameAncestorsOf } from './frame-ancestors.ts';
import type { Tenant } from './frame-ancestors.ts';
import { problemPage } from './problem-page.ts';
import { requestContext } from './request-context.ts';
import type { RequestContext } from './request-context.ts';
import { retryAfterSeconds } from './unavailable-pages.ts';

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
      return await withFrameAncestors(request, await handler(request, context, route), () =>
        tenantOf(route, context),
      );
    } catch (error) {
      return answerError(request, context, error);
    }
  };
}

/** Where an answer has a policy that is silent about it, the tenant's platform may frame it. */
async function withFrameAncestors(
  request: Request,
  answer: Response,
  findTenant: () => Promise<Tenant>,
): Promise<Response> {
  const policy = answer.headers.get('content-security-policy');
  if (policy !== null && !policy.includes('frame-ancestors')) {
    const directive = await frameAncestorsOf(request.headers, await findTenant());
    answer.headers.set('content-security-policy', `${policy}; ${directive}`);
  }
  return answer;
}

/** The course in the address, else the person who is signed in. */
async function tenantOf(route: unknown, { ctx }: RequestContext): Promise<Tenant> {
  const { params } = (route ?? {}) as { params?: Promise<{ courseId?: string }> };
  const courseId = (await params)?.courseId;
  return courseId === undefined ? ctx.viewer : { courseId };
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
  if (refusal.code === 'unavailable') headers.push(['retry-after', retryAfterSeconds]);
  const accept = request.headers.get('accept') ?? '';
  if (/application\/json|text\/event-stream/.test(accept) && !accept.includes('text/html')) {
    return Response.json({ error: refusal.code, requestId }, { status: refusal.status, headers });
  }
  return problemPage({ code: refusal.code, t, language, requestId, headers });
}
