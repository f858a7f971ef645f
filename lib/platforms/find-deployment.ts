import type { Ctx } from '../context.ts';
import { selectDeploymentsNamed } from './queries.ts';
import type { Deployment } from './queries.ts';

export type FoundDeployment =
  | { kind: 'found'; deployment: Deployment }
  | { kind: 'unknown' }
  /** Two platforms call one of theirs so: these are our own ids. */
  | { kind: 'ambiguous'; ids: string[] };

/** The deployment that an operator means: by our own id, or as its platform calls it. */
export async function findDeployment(ctx: Pick<Ctx, 'db'>, named: string): Promise<FoundDeployment> {
  const [deployment, ...others] = await selectDeploymentsNamed(ctx.db, named);
  if (deployment === undefined) return { kind: 'unknown' };
  if (others.length > 0) return { kind: 'ambiguous', ids: [deployment, ...others].map(({ id }) => id) };
  return { kind: 'found', deployment };
}
