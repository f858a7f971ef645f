import { sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';

/** The one channel of the program: processes sort the notices themselves. */
export const liveChannel = 'sk_live';

/** Sends notices, all in one statement. */
export async function notifyAll(db: Db, payloads: readonly string[]): Promise<void> {
  await db.execute(
    sql`select count(pg_notify(${liveChannel}, payload)) from jsonb_array_elements_text(${JSON.stringify(payloads)}::jsonb) as given (payload)`,
  );
}
