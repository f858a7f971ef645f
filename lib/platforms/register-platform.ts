import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { platformInput } from './input.ts';
import type { PlatformInput } from './input.ts';
import { upsertApprovedDeployment, upsertPlatform } from './queries.ts';
import type { Platform } from './queries.ts';

/**
 * Registers a platform with its deployments, or brings an earlier registration up to date. An operator's
 * act: its doors are the command line and the start-up settings.
 */
export async function registerPlatform(
  ctx: Pick<Ctx, 'db' | 'now'>,
  input: PlatformInput,
): Promise<Platform> {
  const { deploymentIds, ...platform } = platformInput.parse(input);
  return transaction(ctx, async (tx) => {
    const row = await upsertPlatform(tx.db, platform);
    for (const deploymentId of deploymentIds) {
      await upsertApprovedDeployment(tx.db, { platformId: row.id, deploymentId, approvedAt: tx.now });
    }
    return row;
  });
}
