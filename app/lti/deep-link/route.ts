import { isId } from '#lib/base/ids.ts';
import { AppError } from '#lib/base/errors.ts';
import { env } from '#lib/base/env.ts';
import { placeLink } from '#lib/deep-linking/place-link.ts';
import type { LinkChoice } from '#lib/deep-linking/place-link.ts';
import { answering } from '#lib/http/answering.ts';
import { frameAncestorsOf } from '#lib/http/frame-ancestors.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { readForm } from '#lib/http/read-body.ts';
import { linkPlacedPage } from '../_pages/choose-link-page.ts';

/** What a teacher chose on the page of a deep linking request goes back to the platform. */
export const POST = answering(async (request, { ctx }) => {
  requireOwnOrigin(request.headers);
  const form = await readForm(request);
  const answer = await placeLink(ctx, {
    request: form.get('request') ?? '',
    choice: readChoice(form),
    publicUrl: env().PUBLIC_URL,
  });
  return linkPlacedPage(answer, await frameAncestorsOf(request.headers, answer));
});

function readChoice(form: URLSearchParams): LinkChoice {
  if (form.has('cancel')) return { kind: 'nothing' };
  const choice = form.get('choice') ?? '';
  if (choice === 'course') return { kind: 'course' };
  if (isId(choice)) return { kind: 'meeting', meetingId: choice };
  throw new AppError('invalid-input', { field: 'choice' });
}
