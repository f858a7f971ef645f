import { env } from '../base/env.ts';
import type { Db } from './client.ts';

/**
 * Statements that are built once, and planned once a connection, instead of for each of a thousand phones. Each
 * database (and each transaction) has its own.
 *
 * @param build makes the statement of a name; in `prepare()` it is called by `statementName`
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

/**
 * What a connection knows a statement by. A pooler gives each transaction another connection, so that none knows it:
 * there statements have no name, and are planned each time.
 */
export function statementName(name: string): string {
  return env().DATABASE_DIRECT_URL === undefined ? name : '';
}
