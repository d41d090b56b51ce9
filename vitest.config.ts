import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    // Native TensorFlow breaks in a second worker thread (tensorflow/tfjs 8388), so files run in processes.
    pool: 'forks',
    globalSetup: './vitest.services.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
