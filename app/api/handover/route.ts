import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { openFramePass } from '#lib/logins/frame-pass.ts';
import { issueHandOver } from '#lib/logins/hand-over.ts';

/**
 * Gives our own page a ticket that signs the viewer in to a window of its own. Where no cookie stays, the page
 * shows the pass of its launch instead.
 */
export const POST = answering((request, { ctx, language }) => {
  requireOwnOrigin(request.headers);
  const pass = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  const viewer = pass === undefined ? ctx.viewer : openFramePass(ctx, pass);
  return Promise.resolve(
    Response.json(
      { ticket: issueHandOver({ ...ctx, viewer }, language) },
      { headers: { 'cache-control': 'no-store' } },
    ),
  );
});
