import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { readJson } from '#lib/http/read-body.ts';
import { previewPolicy } from '#lib/settings/preview-policy.ts';

/** A policy has a dozen short fields. */
const maxBytes = 10_000;

export type PreviewAnswer = Awaited<ReturnType<typeof previewPolicy>>;

/** Whom a policy would change; no server action, because those wait for one another and cannot be broken off. */
export const POST = answering<RouteContext<'/api/courses/[courseId]/policy-preview'>>(
  async (request, { ctx }, { params }) => {
    requireOwnOrigin(request.headers);
    const { courseId } = await params;
    const policy = await readJson(request, maxBytes);
    const answer: PreviewAnswer = await previewPolicy(ctx, { courseId, policy });
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
  },
);
