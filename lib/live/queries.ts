import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';

/** The one channel of the program: processes sort the notices themselves. */
export const liveChannel = 'sk_live';

export async function notify(db: Db, payload: string): Promise<void> {
  await db.execute(sql`select pg_notify(${liveChannel}, ${payload})`);
}
