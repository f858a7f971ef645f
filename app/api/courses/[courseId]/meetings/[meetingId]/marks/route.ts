import { markRecords } from '#lib/attendance/mark-records.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { readJson } from '#lib/http/read-body.ts';

/** A whole register's marks with long notes fit in; nothing else needs as much. */
const maxBytes = 2_000_000;

export interface MarksAnswer {
  results: MarkResult[];
}

/** A teacher's marks, from the queue in the browser: no server action, because those go out one after another. */
export const POST = answering<RouteContext<'/api/courses/[courseId]/meetings/[meetingId]/marks'>>(
  async (request, { ctx }, { params }) => {
    requireOwnOrigin(request.headers);
    const { courseId, meetingId } = await params;
    const { marks, by } = await readJson(request, maxBytes);
    const results = await markRecords(ctx, { courseId, meetingId, marks, by });
    return Response.json({ results } satisfies MarksAnswer, { headers: { 'cache-control': 'no-store' } });
  },
);
