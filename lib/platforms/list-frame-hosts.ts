import type { Db } from '../db/client.ts';
import { selectFrameHosts } from './queries.ts';
import { frameSourcesOf } from './rules.ts';

/** The CSP sources whose pages may frame the tool. */
export async function listFrameHosts(db: Db, allowPrivateHosts: readonly string[]): Promise<string[]> {
  return frameSourcesOf(await selectFrameHosts(db), allowPrivateHosts);
}
