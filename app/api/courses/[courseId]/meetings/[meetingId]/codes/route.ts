import { readDirection } from '#lib/check-in-windows/input.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { answering } from '#lib/http/answering.ts';

/** The projector asks here for the codes of the next minute. */
export const GET = answering<RouteContext<'/api/courses/[courseId]/meetings/[meetingId]/codes'>>(
  async (request, { ctx }, { params }) => {
    const direction = readDirection(new URL(request.url).searchParams.get('direction'));
    const codes = await loadCodes(ctx, { ...(await params), direction });
    return Response.json(codes, { headers: { 'cache-control': 'no-store' } });
  },
);
