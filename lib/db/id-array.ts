import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

/** Ids as one parameter, however many they are: `id = any(…)`. */
export function idArray(ids: readonly string[]): SQL {
  return sql`${sql.param([...ids])}::uuid[]`;
}
