import { defineConfig } from 'vitest/config';

import { findBrowser } from './apps/dashboard/test/env.ts';
import { canPreparePython, schemathesis } from './bench/peers/python-environment.ts';

/**
 * Tests by what they need beyond `npm ci`. What no tier names is a unit test: it needs neither services nor TensorFlow,
 * and starts no program of this repository.
 */
const tiers = {
  /** PostgreSQL and Valkey, one pair for the run. */
  services: [
    'packages/{store,queue}/test/**/*.test.ts',
    'packages/search/test/**/!(arrange-rows|csv|objective-values|coefficients|compare-trials|extension|parse-results|match-results).test.ts',
    'apps/api/test/**/!(conformance|env|error-documentation|event-stream|invalid-request|media-types|pending-events).test.ts',
    'apps/worker/test/**/!(env|gpu-slots).test.ts',
  ],
  /** Native TensorFlow. */
  training: [
    'packages/training/test/*.test.ts',
    'packages/training/test/!(lowering)/**/*.test.ts',
    'packages/training/test/lowering/**/!(batch-normalization).test.ts',
    'packages/native-tensorflow/test/!(artefacts).test.ts',
  ],
  /** What TensorFlow computes, which must hold with the kernels of oneDNN and with TensorFlow's own. */
  kernels: [
    'packages/graph/test/*.test.ts',
    'packages/graph/test/differentiation/*.test.ts',
    'packages/graph/test/graph/variable.test.ts',
    'packages/graph/test/operations/!(shape-errors).test.ts',
    'packages/graph/test/saved-model/write.test.ts',
    'packages/training/test/lowering/batch-normalization.test.ts',
  ],
  /** The command line and the set-up as spawned programs, with services of their own. */
  system: [
    'apps/cli/test/{changed-data,commands,disturbed-search,full-disk,network-commands,quickstart,racing,repeated-search,rolling-upgrade,serve}.test.ts',
    'apps/cli/test/doctor/diagnose.test.ts',
    'apps/cli/test/service/{service-record,supervised-service}.test.ts',
    'apps/cli/test/supervision/supervisor.test.ts',
    'packages/local-services/test/*.test.ts',
    'scripts/test/setup.test.ts',
    'test/chaos/chaos.test.ts',
  ],
  /** A browser that is installed, and what the tier `system` needs. */
  browser: ['apps/dashboard/test/browser/*.test.ts'],
  /** Schemathesis, of PyPI, and what the tier `services` needs, which it starts. */
  conformance: ['apps/api/test/conformance.test.ts'],
};
const all = ['{packages,apps}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts', 'test/**/*.test.ts'];

const browser = findBrowser();
if (browser === undefined) {
  console.log(
    'No Chromium, Chrome or Edge is found, nor named by CHROMIUM_PATH: the tests of the tier browser are left out.',
  );
}

/** Looked for once, since this file is evaluated for each project and the look takes a second where nothing is installed. */
declare global {
  var hasSchemathesis: boolean | undefined;
}
globalThis.hasSchemathesis ??= findSchemathesis();

function findSchemathesis(): boolean {
  const isThere = canPreparePython(schemathesis);
  if (!isThere) {
    console.log(
      'No Python 3 with venv and pip is found, or no Schemathesis for it on PyPI: the tests of the tier conformance are left out.',
    );
  }
  return isThere;
}

export default defineConfig({
  test: {
    // Native TensorFlow breaks in a second worker thread (tensorflow/tfjs 8388), so files run in processes.
    pool: 'forks',
    // They share nothing, and wait for services and processes more than they compute.
    maxWorkers: '100%',
    // No test measures time: these end what hangs, on a machine that is busy with other work too.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // How long `expect.poll` waits for what must come: a busy machine takes many times as long as an idle one.
    expect: { poll: { timeout: 30_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'unit', isolate: false, unstubEnvs: true, include: all, exclude: Object.values(tiers).flat() },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: tiers.services,
          globalSetup: ['./vitest.trainings.ts', './vitest.services.ts'],
        },
      },
      { extends: true, test: { name: 'training', include: tiers.training, globalSetup: './vitest.trainings.ts' } },
      ...Object.entries({ on: '1', off: '0' }).map(([state, value]) => ({
        extends: true as const,
        test: { name: `kernels, oneDNN ${state}`, include: tiers.kernels, env: { TF_ENABLE_ONEDNN_OPTS: value } },
      })),
      { extends: true, test: { name: 'system', include: tiers.system } },
      ...(browser === undefined ? [] : [{ extends: true as const, test: { name: 'browser', include: tiers.browser } }]),
      ...(globalThis.hasSchemathesis
        ? [{ extends: true as const, test: { name: 'conformance', include: tiers.conformance } }]
        : []),
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}'],
      exclude: ['packages/store/src/generated/**'],
      reporter: ['text', 'html'],
    },
  },
});
