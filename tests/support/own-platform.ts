import { randomToken } from '#lib/base/ids.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { createSigningKey, json, startRecordingServer } from './test-platform.ts';
import type { RecordingServer, SigningKey } from './test-platform.ts';
import { ownStage } from './e2e-stages.ts';

/** The running tool, and beside it a platform of the test's own, which the tool may reach on this machine. */
export interface OwnPlatform {
  tool: string;
  toolEnv: NodeJS.ProcessEnv;
  database: OpenDatabase;
  platform: RecordingServer;
  key: SigningKey;
  /**
   * Where the platform shows its key. The tool keeps what it read at an address: each start has a key, and so an
   * address, of its own.
   */
  jwksPath: string;
  stop(): Promise<void>;
}

/** For the e2e tests: tests/support/e2e-setup.ts has started the tool. */
export async function startOwnPlatform(): Promise<OwnPlatform> {
  const { toolUrl, toolEnv, platformPort } = ownStage();
  const platform = await startRecordingServer(platformPort);
  const key = await createSigningKey();
  const jwksPath = `/jwks-${randomToken(6)}`;
  platform.on(jwksPath, json({ keys: [key.publicJwk] }));
  const database = openDatabase(toolEnv.DATABASE_URL ?? '', { poolMax: 2, onIdleError: () => undefined });
  return {
    tool: toolUrl,
    toolEnv,
    database,
    platform,
    key,
    jwksPath,
    stop: async () => {
      await database.close();
      await platform.close();
    },
  };
}
