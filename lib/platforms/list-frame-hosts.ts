import type { Db } from '../db/client.ts';
import { selectFrameHosts } from './queries.ts';
import { frameSourcesOf } from './rules.ts';

/**
 * The CSP sources whose pages may frame the tool: those of all platforms that are switched on, or of one.
 */
export async function listFrameHosts(db: Db, platformId?: string): Promise<string[]> {
  return frameSourcesOf(await selectFrameHosts(db, platformId));
}
