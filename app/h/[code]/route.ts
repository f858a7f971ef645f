import { helpMember } from '#lib/helping/help-member.ts';
import { loadCodePage } from '#lib/helping/load-code-page.ts';
import { takeBackHelp } from '#lib/helping/take-back-help.ts';
import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { readForm } from '#lib/http/read-body.ts';
import { codePage, refusedPage, donePage, undonePage } from '../_pages/personal-code-pages.ts';

type Route = RouteContext<'/h/[code]'>;

/**
 * What a phone's own camera opens from a personal code. It records nothing, signs nobody in, and tells of its owner to
 * those who run a course of theirs alone.
 */
export const GET = answering<Route>(async (_request, voice, { params }) => {
  const { code } = await params;
  return codePage(code, await loadCodePage(voice.ctx, code), voice);
});

/** The one button: checks its owner in, or out; or takes that back. */
export const POST = answering<Route>(async (request, voice, { params }) => {
  requireOwnOrigin(request.headers);
  const { ctx } = voice;
  const { code } = await params;
  const form = await readForm(request);
  const courseId = form.get('course') ?? '';
  const checkInId = form.get('take-back');
  if (checkInId !== null) {
    const { kind } = await takeBackHelp(ctx, { courseId, checkInId });
    return undonePage(kind, voice);
  }
  const result = await helpMember(ctx, {
    courseId,
    meetingId: form.get('meeting'),
    direction: form.get('direction'),
    attemptId: form.get('attempt'),
    whom: { token: code },
  });
  return 'checkInId' in result ? donePage(code, result, voice) : refusedPage(result.kind, voice);
});
