import type { Ctx } from '../context.ts';
import { openToolKey } from './open-tool-key.ts';
import { selectToolKeys } from './queries.ts';
import { keyState } from './rules.ts';
import type { KeyState } from './rules.ts';

export interface ListedToolKey {
  kid: string;
  state: KeyState;
  signsFrom: Date;
  retiredAt: Date | null;
  /** False: sealed with a secret that is not set now. */
  opens: boolean;
}

/** All keys of the tool with what they are good for, for the operator. */
export async function listToolKeys(ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>): Promise<ListedToolKey[]> {
  const keys = await selectToolKeys(ctx.db);
  return keys.map((key) => ({
    kid: key.kid,
    state: keyState(key, keys, ctx.now),
    signsFrom: key.signsFrom,
    retiredAt: key.retiredAt,
    opens: openToolKey(ctx.secrets, key) !== undefined,
  }));
}
