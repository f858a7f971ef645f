import { AppError } from '#lib/base/errors.ts';
import { answering } from '#lib/http/answering.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';
import { takeWindow } from '#lib/http/take-window.ts';

/** Opens a page of ours in a window of its own. */
export const POST = answering(async (request, { ctx }) => {
  const form = await readForm(request);
  const { cookies } = await takeWindow(request, ctx, form.get('ticket'));
  const to = form.get('to') ?? '';
  // A page of a course, with the meeting that a placed link means; what came of a scan (finish-scan.ts); a document.
  if (
    !/^\/(courses|c)\/[\w/-]+(\?(age=\d+|direction=out))?(#[\w-]+)?$/.test(to) &&
    !/^\/api\/courses\/[\w-]+\/excuse-files\/[\w-]+\?preview$/.test(to)
  )
    throw new AppError('invalid-input', { field: 'to' });
  return seeOther(to, cookies);
});
