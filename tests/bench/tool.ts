import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createLog } from '#lib/base/log.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { Db } from '#lib/db/client.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { startStack } from '../../scripts/stack.ts';
import { freePort } from '../support/free-port.ts';
import type { SeededMember } from '../support/seed-course.ts';

/** The built tool, running on this machine with a database of its own. */
export interface BenchTool {
  url: string;
  databaseUrl: string;
  db: Db;
  pid: number;
  /** What it was started with. */
  toolEnv: NodeJS.ProcessEnv;
  /** A context of this member's, now. */
  as(member: SeededMember | undefined, db?: Db): Ctx;
  /** What a browser of theirs sends along. */
  headersOf(member: SeededMember): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * @param durable whether the database waits for its disk, as it does in earnest
 * @param moreToolEnv what is said to the tool beside its usual settings
 */
export async function startBenchTool({
  durable = false,
  moreToolEnv = {},
}: { durable?: boolean; moreToolEnv?: Readonly<Record<string, string>> } = {}): Promise<BenchTool> {
  const dataDir = resolve(`.data/bench-${String(process.pid)}`);
  const stack = await startStack({
    dataDir,
    logDir: resolve('test-results/logs'),
    port: await freePort(),
    demoPort: await freePort(),
    durable,
    moreToolEnv,
  });
  const database = openDatabase(stack.databaseUrl, { poolMax: 4, onIdleError: () => undefined });
  const secrets = { current: stack.toolEnv.SESSION_SECRET ?? '' };
  // Use cases that are called here read the tool's settings.
  process.env.SESSION_SECRET = secrets.current;
  return {
    url: stack.toolUrl,
    databaseUrl: stack.databaseUrl,
    db: database.db,
    pid: stack.toolPid,
    toolEnv: stack.toolEnv,
    as: (member, db = database.db) => ({
      db,
      now: new Date(),
      viewer: member === undefined ? undefined : { personId: member.personId },
      log: createLog('silent'),
      secrets,
    }),
    headersOf: async ({ personId }) => {
      const login = await sealLogin(secrets, { personId, language: 'en' }, new Date());
      return { cookie: `sk_login=${login}`, origin: stack.toolUrl };
    },
    stop: async () => {
      await database.close();
      await stack.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Reads an answer to its end. @returns its bytes */
export async function readWhole(response: Promise<Response>): Promise<number> {
  const answer = await response;
  const body = await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`answered ${String(answer.status)}`);
  return body.byteLength;
}
