import { defineConfig } from 'vitest/config';

/** Tests of what TensorFlow computes, which must hold with the kernels of oneDNN and with TensorFlow's own. */
const kernelTests = ['packages/graph/test/**/*.test.ts', 'packages/training/test/lowering/lower-network.test.ts'];

const common = {
  // Native TensorFlow breaks in a second worker thread (tensorflow/tfjs 8388), so files run in processes.
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 120_000,
  // How long `expect.poll` waits for what must come: a busy machine may take many times what an idle one does.
  expect: { poll: { timeout: 30_000 } },
} as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'all',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
          exclude: kernelTests,
          globalSetup: './vitest.services.ts',
        },
      },
      ...(['1', '0'] as const).map((value) => ({
        test: {
          ...common,
          name: `oneDNN ${value === '1' ? 'on' : 'off'}`,
          include: kernelTests,
          env: { TF_ENABLE_ONEDNN_OPTS: value },
        },
      })),
    ],
  },
});
