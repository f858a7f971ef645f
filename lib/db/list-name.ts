import { sql } from 'drizzle-orm';

/** How lists call a person: family name first where both are known; a mononym stands alone. For `people`. */
export const listName = sql<string>`coalesce(
  case when people.family_name <> '' and people.given_name <> ''
    then people.family_name || ', ' || people.given_name end,
  people.name, people.family_name, people.given_name, '')`;
