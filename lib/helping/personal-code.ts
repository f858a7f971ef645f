import { createSecretLink } from '../base/secret-link.ts';
import type { Ctx } from '../context.ts';
import type { PersonalCode } from './queries.ts';

/** A code that nobody has yet: its token, and what is kept of it. */
export function createCode(ctx: Pick<Ctx, 'now' | 'secrets'>, personId: string) {
  const { token, kept } = createSecretLink(ctx.secrets, 'personal-code');
  return { token, code: { personId, ...kept, createdAt: ctx.now } satisfies PersonalCode };
}
