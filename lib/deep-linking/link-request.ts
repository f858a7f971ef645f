import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { seal, unseal } from '../base/seal.ts';
import { minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { languages } from '../i18n/languages.ts';
import type { Language } from '../i18n/languages.ts';

/** Time to choose; platforms themselves forget their request after an hour or so. */
const requestMs = 60 * minuteMs;

const requestShape = z.object({
  personId: z.uuid(),
  courseId: z.uuid(),
  platformId: z.uuid(),
  deploymentId: z.string(),
  returnUrl: z.string(),
  data: z.string().optional(),
  /** The person's, as the platform said it. */
  language: z.enum(languages),
  expiresAt: z.number(),
});

/** A verified deep linking request that waits for a person's choice. It travels in the page that asks them. */
export type LinkRequest = z.output<typeof requestShape>;

/** @returns sealed text: a person cannot change where the answer goes, or who asked */
export function sealLinkRequest(
  ctx: Pick<Ctx, 'now' | 'secrets'>,
  wanted: {
    personId: string;
    course: { id: string };
    platformId: string;
    deploymentId: string;
    settings: { returnUrl: string; data?: string };
  },
  language: Language,
): string {
  const { personId, course, platformId, deploymentId, settings } = wanted;
  return seal(ctx.secrets, 'deep-linking', {
    personId,
    courseId: course.id,
    platformId,
    deploymentId,
    returnUrl: settings.returnUrl,
    data: settings.data,
    language,
    expiresAt: ctx.now.getTime() + requestMs,
  } satisfies LinkRequest);
}

/** @throws AppError `link-request-expired` when it is too old, or not ours */
export function openLinkRequest(ctx: Pick<Ctx, 'now' | 'secrets'>, sealed: string): LinkRequest {
  const opened = requestShape.safeParse(unseal(ctx.secrets, 'deep-linking', sealed));
  if (!opened.success || opened.data.expiresAt < ctx.now.getTime()) {
    throw new AppError('link-request-expired');
  }
  return opened.data;
}
