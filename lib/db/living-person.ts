import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';

/**
 * The row in which a person lives on, by their own or by one that was merged into it: logins, phones and links that
 * name the merged row keep working. Null: they are erased, so that what still names them leads to nobody.
 */
export function livingPersonId(personId: string | AnyPgColumn | SQL): SQL<string> {
  return sql<string>`(select coalesce(living.merged_into, living.id) from people living
    where living.id = ${personId} and living.erased_at is null)`;
}
