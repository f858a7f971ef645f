import type { Db } from './client.ts';

/**
 * What statements of this file are called in `prepare()`: nothing, so that PostgreSQL plans each time they are sent. A
 * plan that it keeps with a name was made for the tables as they were then: in a young database it goes on reading whole
 * tables long after they have grown. (A pooler in transaction mode knows no names, either.)
 */
export const planned = '';

/**
 * Statements that are built once, instead of for each of a thousand phones. Each database (and each transaction) has
 * its own.
 *
 * @param build makes the statement of a name
 */
export function preparedBy<Name extends string, Statement>(
  build: (db: Db, name: Name) => Statement,
): (db: Db, name: Name) => Statement {
  const ofDatabase = new WeakMap<Db, Map<Name, Statement>>();
  return (db, name) => {
    let statements = ofDatabase.get(db);
    if (statements === undefined) ofDatabase.set(db, (statements = new Map<Name, Statement>()));
    let statement = statements.get(name);
    if (statement === undefined) statements.set(name, (statement = build(db, name)));
    return statement;
  };
}
