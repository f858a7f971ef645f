import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { issueHandOver } from '#lib/logins/hand-over.ts';

/** Gives our own page a ticket that signs the viewer in to a window of its own. */
export const POST = answering((request, { ctx, language }) => {
  requireOwnOrigin(request.headers);
  return Promise.resolve(
    Response.json({ ticket: issueHandOver(ctx, language) }, { headers: { 'cache-control': 'no-store' } }),
  );
});
