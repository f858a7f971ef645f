import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { randomToken } from '../base/ids.ts';
import { seal, unseal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { languages } from '../i18n/languages.ts';
import type { Language } from '../i18n/languages.ts';
import { insertUsedTicket } from './queries.ts';

/** Long enough for a click, too short to be passed on. */
const handOverMs = 30_000;

const handOverShape = z.object({
  id: z.string(),
  personId: z.uuid(),
  language: z.enum(languages),
  expiresAt: z.number(),
});

/**
 * A ticket that signs the viewer in to a window of its own, where the frame's partitioned cookie is not seen.
 * It travels in the body of a form of our own page; the door that takes it asks for our own Origin.
 *
 * @throws AppError `not-signed-in`
 */
export function issueHandOver(ctx: Pick<Ctx, 'viewer' | 'now' | 'secrets'>, language: Language): string {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  return seal(ctx.secrets, 'hand-over', {
    id: randomToken(12),
    personId: ctx.viewer.personId,
    language,
    expiresAt: ctx.now.getTime() + handOverMs,
  });
}

/**
 * Takes a ticket, once.
 *
 * @throws AppError `handover-invalid` when it is not ours, too old, or used before
 */
export async function takeHandOver(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  ticket: string,
): Promise<{ personId: string; language: Language }> {
  const opened = handOverShape.safeParse(unseal(ctx.secrets, 'hand-over', ticket));
  if (!opened.success || opened.data.expiresAt < ctx.now.getTime()) throw new AppError('handover-invalid');
  const { id, personId, language, expiresAt } = opened.data;
  if (!(await insertUsedTicket(ctx.db, id, new Date(expiresAt)))) throw new AppError('handover-invalid');
  return { personId, language };
}
