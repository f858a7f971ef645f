import { newId, randomToken } from '../base/ids.ts';
import { tokenHash } from '../base/seal.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { insertInvite } from './queries.ts';

const dayMs = 24 * 3_600_000;

/**
 * Makes a link by which one platform registers itself, once. The token is shown here and never again: only its
 * hash is kept. An operator's act.
 */
export async function invitePlatform(
  ctx: Pick<Ctx, 'db' | 'now'>,
  input: { note: string | undefined; days: number; publicUrl: string },
): Promise<{ id: string; link: string; expiresAt: Date }> {
  const token = randomToken();
  const invite = { id: newId(), expiresAt: addMs(ctx.now, input.days * dayMs) };
  await insertInvite(ctx.db, {
    ...invite,
    tokenHash: tokenHash(token),
    note: input.note,
    createdAt: ctx.now,
  });
  return { ...invite, link: `${input.publicUrl}/lti/register/${token}` };
}
