import { requirePlace } from '../access/require-place.ts';
import { buildsCourse } from '../access/rules.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { meetingName } from '../i18n/format.ts';
import type { Language } from '../i18n/languages.ts';
import { translatorFor } from '../i18n/translator.ts';
import { signDeepLinkingAnswer } from '../lti/deep-linking.ts';
import type { PlacedLink } from '../lti/deep-linking.ts';
import { loadMeeting } from '../meetings/load-meeting.ts';
import { requirePlatform } from '../platforms/find-platform.ts';
import { loadToolSigner } from '../platforms/load-tool-keys.ts';
import { openLinkRequest } from './link-request.ts';
import type { LinkRequest } from './link-request.ts';

/** The course's attendance, one of its meetings, or nothing after all. */
export type LinkChoice = { kind: 'course' } | { kind: 'meeting'; meetingId: string } | { kind: 'nothing' };

export interface PlacedAnswer {
  /** Where the person's browser is to post the answer. */
  returnUrl: string;
  /** The form's one field (LTI Deep Linking 2.0 § 4.5). */
  jwt: string;
  language: Language;
  courseId: string;
}

/**
 * Answers a deep linking request with the link that its person chose, signed by the tool's key. Whether they
 * still build this course is asked again.
 *
 * @throws AppError `link-request-expired`, `no-access`, `not-found` (the meeting), `platform-disabled`
 */
export async function placeLink(
  ctx: Ctx,
  placing: { request: string; choice: LinkChoice; publicUrl: string },
): Promise<PlacedAnswer> {
  const request = openLinkRequest(ctx, placing.request);
  const asking: Ctx = { ...ctx, viewer: { personId: request.personId } };
  const platform = await requirePlatform(ctx, request.platformId);
  const jwt = await signDeepLinkingAnswer(
    {
      issuer: platform.issuer,
      clientId: platform.clientId,
      deploymentId: request.deploymentId,
      data: request.data,
      links: await linksOf(asking, request, placing),
    },
    { signer: await loadToolSigner(ctx), now: ctx.now },
  );
  const { returnUrl, language, courseId } = request;
  return { returnUrl, jwt, language, courseId };
}

async function linksOf(
  ctx: Ctx,
  { courseId, language }: LinkRequest,
  { choice, publicUrl }: { choice: LinkChoice; publicUrl: string },
): Promise<PlacedLink[]> {
  const t = translatorFor(language);
  const { role } = await requirePlace(ctx, courseId);
  if (!buildsCourse(role)) throw new AppError('no-access');
  switch (choice.kind) {
    case 'nothing':
      return [];
    case 'course':
      // No course in the address: copied with its course, the link opens the copy's own attendance.
      return [{ title: t('app.name'), url: `${publicUrl}/lti/launch` }];
    case 'meeting': {
      const { meeting } = await loadMeeting(ctx, { courseId, meetingId: choice.meetingId });
      return [
        {
          title: `${t('app.name')}: ${meetingName(meeting, t)}`,
          url: `${publicUrl}/courses/${courseId}/meetings/${meeting.id}`,
        },
      ];
    }
  }
}
