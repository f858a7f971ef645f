import { z } from 'zod';
import { seal, unseal } from '../base/seal.ts';
import { minuteMs } from '../base/time.ts';
import type { Ctx, Viewer } from '../context.ts';

/** Long enough for a page that waits in its frame for a click; after that the course opens a new one. */
const passMs = 60 * minuteMs;

const passShape = z.object({ personId: z.uuid(), expiresAt: z.number() });

/**
 * What a page holds in its memory, inside a frame where no cookie of ours stays. It is good for one thing: to
 * fetch hand-over tickets, which sign a tab of its own in.
 *
 * @param personId whom a launch has just signed in
 */
export function issueFramePass(ctx: Pick<Ctx, 'now' | 'secrets'>, personId: string): string {
  return seal(ctx.secrets, 'frame-pass', { personId, expiresAt: ctx.now.getTime() + passMs });
}

/** The person whose pass this is, or undefined when it is not ours or too old. */
export function openFramePass(ctx: Pick<Ctx, 'now' | 'secrets'>, pass: string): Viewer | undefined {
  const opened = passShape.safeParse(unseal(ctx.secrets, 'frame-pass', pass));
  if (!opened.success || opened.data.expiresAt < ctx.now.getTime()) return undefined;
  return { personId: opened.data.personId };
}
