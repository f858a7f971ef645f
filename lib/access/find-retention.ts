import { resolveRetention } from '../base/retention-policy.ts';
import type { RetentionPolicy } from '../base/retention-policy.ts';
import type { Ctx } from '../context.ts';
import { selectRetention } from './queries.ts';

/** How long a course's institution keeps what: its own word, else ours. */
export async function findRetention(ctx: Pick<Ctx, 'db'>, courseId: string): Promise<RetentionPolicy> {
  return resolveRetention(await selectRetention(ctx.db, courseId));
}
