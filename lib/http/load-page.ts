import { forbidden, notFound, unauthorized } from 'next/navigation';
import type { ErrorCode } from '../base/errors.ts';
import { errorFacts } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import { asAppError } from './as-app-error.ts';
import { pageContext } from './page-context.ts';
import type { RequestContext } from './request-context.ts';
import { noteUnavailablePage } from './unavailable-pages.ts';

/** How a broken page's code reaches `error.tsx`: Next passes a digest on, and hides messages. */
export const problemDigest = 'sk-problem:';

/**
 * Runs what a page reads. A refusal becomes Next's page for it, with the right status (401, 403, 404); anything
 * else becomes the error page, told by its code.
 */
export async function loadPage<View>(
  load: (ctx: Ctx) => Promise<View>,
): Promise<RequestContext & { view: View }> {
  const context = await pageContext();
  try {
    return { ...context, view: await load(context.ctx) };
  } catch (error) {
    const { code, status, facts, cause } = asAppError(error);
    if (code === 'not-signed-in') unauthorized();
    if (status === 403) forbidden();
    if (status === 404) notFound();
    if (code === 'unavailable') noteUnavailablePage(context.requestId);
    context.ctx.log.error({ code, ...facts, ...errorFacts(cause ?? error) }, 'a page failed');
    throw Object.assign(new Error(code), { digest: `${problemDigest}${code}:${context.requestId}` });
  }
}

export type ActionResult<Value> =
  { ok: true; value: Value } | { ok: false; code: ErrorCode; requestId: string };

/** Runs what a server action does; a refusal is an answer that the page can show in words. */
export async function runAction<Value>(act: (ctx: Ctx) => Promise<Value>): Promise<ActionResult<Value>> {
  const { ctx, requestId } = await pageContext();
  try {
    return { ok: true, value: await act(ctx) };
  } catch (error) {
    const { code, status, facts, cause } = asAppError(error);
    if (status >= 500) ctx.log.error({ code, ...facts, ...errorFacts(cause ?? error) }, 'an action failed');
    return { ok: false, code, requestId };
  }
}
