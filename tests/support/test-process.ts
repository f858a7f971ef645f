import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import type { Ctx } from '#lib/context.ts';
import { openProcess } from '#lib/http/process.ts';
import type { Process } from '#lib/http/process.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { clientId, createLaunchSigner, deploymentId, issuer } from './launch-signer.ts';
import type { PgBouncer } from './pgbouncer.ts';
import { createTestDatabase } from './test-database.ts';
import { testSecrets } from './test-context.ts';

export const publicUrl = 'https://tool.example';

export interface TestProcess {
  running: Process;
  /** A context of nobody's, now. */
  ctx(): Ctx;
  signer: Awaited<ReturnType<typeof createLaunchSigner>>;
}

/**
 * This test worker as a process of the tool: settings, a fresh database, and a registered platform whose keys
 * are served over HTTP. Route handlers are then called with Requests, as Next calls them.
 *
 * @param poolerBefore puts a pooler before the database; by default there is one where the whole run has one
 */
export function useTestProcess({
  poolerBefore,
}: { poolerBefore?: (url: string) => Promise<PgBouncer> } = {}): TestProcess {
  const holder: { running?: Process; signer?: TestProcess['signer'] } = {};
  let end: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    const signer = await createLaunchSigner();
    const keyServer = createServer((_request, response) => {
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ keys: [signer.publicJwk] }));
    });
    await new Promise<void>((done) => keyServer.listen(0, '127.0.0.1', done));
    const keyHost = `127.0.0.1:${String((keyServer.address() as AddressInfo).port)}`;
    Object.assign(process.env, {
      SESSION_SECRET: testSecrets.current,
      PUBLIC_URL: publicUrl,
      ALLOW_PRIVATE_HOSTS: keyHost,
      LOG_LEVEL: 'silent',
    });
    const testDatabase = await createTestDatabase();
    const pooler = await poolerBefore?.(testDatabase.url);
    const pooledUrl = pooler?.urlOf(testDatabase.url) ?? testDatabase.pooledUrl;
    if (pooledUrl !== testDatabase.url) {
      Object.assign(process.env, { DATABASE_URL: pooledUrl, DATABASE_DIRECT_URL: testDatabase.url });
    }
    const running = openProcess(pooledUrl);
    const ctx = contextOf(running);
    await keepToolKey(ctx);
    await registerPlatform(ctx, {
      issuer,
      clientId,
      name: 'Canvas',
      authorizeUrl: 'https://sso.example/authorize',
      tokenUrl: 'https://sso.example/token',
      jwksUrl: `http://${keyHost}/jwks`,
      deploymentIds: [deploymentId],
    });
    Object.assign(holder, { running, signer });
    end = async () => {
      await running.database.close();
      await pooler?.stop();
      await testDatabase.drop();
      keyServer.close();
    };
  });
  afterAll(() => end());

  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the test process is there from beforeAll on');
    return value;
  };
  return {
    get running() {
      return there(holder.running);
    },
    get signer() {
      return there(holder.signer);
    },
    ctx: () => contextOf(there(holder.running)),
  };
}

function contextOf({ database, clock, log, secrets }: Process): Ctx {
  return { db: database.db, now: clock.now(), viewer: undefined, log, secrets };
}
