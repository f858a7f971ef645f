import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'lib/**/*.test.ts',
      'scripts/**/*.test.ts',
      'app/**/*.test.ts',
      'tests/db/**/*.test.ts',
      'tests/files/**/*.test.ts',
      'tests/http/**/*.test.ts',
      'tests/scale/**/*.test.ts',
      'tests/postgres/**/*.test.ts',
    ],
    environment: 'node',
    globalSetup: ['tests/support/test-server.ts'],
    setupFiles: ['tests/support/fail-on-console-error.ts'],
    // Each file has a worker of its own; PostgreSQL wants a share of the machine too.
    maxWorkers: 2,
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // A test that is left out must not look like one that passed.
    allowOnly: false,
    passWithNoTests: false,
    restoreMocks: true,
    unstubEnvs: true,
    env: { NODE_ENV: 'test', TZ: 'Europe/Berlin' },
  },
});
