import type { Db } from '../db/client.ts';
import { selectFrameHosts, selectTenantFrameHosts } from './queries.ts';
import { frameSourcesOf, frameSourcesOfTenants } from './rules.ts';

/** The CSP sources of all platforms' pages that are switched on, or of one platform's. */
export async function listFrameHosts(db: Db, platformId?: string): Promise<string[]> {
  return frameSourcesOf(await selectFrameHosts(db, platformId));
}

/**
 * The CSP sources whose pages may frame what belongs to a course, or to a person: those of the deployment that the
 * course belongs to, or of all in whose courses the person is.
 */
export async function listTenantFrameHosts(
  db: Db,
  tenant: { courseId: string } | { personId: string },
): Promise<string[]> {
  return frameSourcesOfTenants(await selectTenantFrameHosts(db, tenant));
}
