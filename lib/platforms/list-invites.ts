import type { Ctx } from '../context.ts';
import { selectOpenInvites } from './queries.ts';

export interface ListedInvite {
  id: string;
  note: string | null;
  expiresAt: Date;
}

/** The registration links that can still be used, for the operator. */
export async function listInvites(ctx: Pick<Ctx, 'db' | 'now'>): Promise<ListedInvite[]> {
  const open = await selectOpenInvites(ctx.db, ctx.now);
  return open.map(({ id, note, expiresAt }) => ({ id, note, expiresAt }));
}
