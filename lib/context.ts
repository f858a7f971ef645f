import type { Log } from './base/log.ts';
import type { Secrets } from './base/seal.ts';
import type { Db } from './db/client.ts';

/** Who asks. Their roles are read from the database for the course in question, on every request. */
export interface Viewer {
  personId: string;
}

/** Everything a use case may lean on. Passed, never fetched. */
export interface Ctx {
  db: Db;
  /** Postgres' clock: two servers agree on it. */
  now: Date;
  viewer: Viewer | undefined;
  log: Log;
  secrets: Secrets;
}
