import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/faults/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['tests/support/fail-on-console-error.ts'],
    // Processes are killed and started in them: nothing else may run beside.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    allowOnly: false,
    passWithNoTests: false,
    env: { NODE_ENV: 'test', TZ: 'Europe/Berlin' },
  },
});
