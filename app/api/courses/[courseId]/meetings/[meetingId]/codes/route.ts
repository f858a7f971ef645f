import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { answering } from '#lib/http/answering.ts';

/** The projector asks here for the codes of the next minute. */
export const GET = answering<RouteContext<'/api/courses/[courseId]/meetings/[meetingId]/codes'>>(
  async (_request, { ctx }, { params }) =>
    Response.json(await loadCodes(ctx, await params), { headers: { 'cache-control': 'no-store' } }),
);
