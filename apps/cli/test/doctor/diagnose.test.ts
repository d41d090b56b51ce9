import { describe, expect, it, vi } from 'vitest';

import { temporaryFolder } from '../../../../test/temporary-folder.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';

describe('the doctor', () => {
  it('finds everything on a machine that is set up', async () => {
    const report = await diagnose();
    expect(report).toMatchObject({
      node: process.versions.node,
      tensorflow: { outcome: { canRun: true } },
      postgres: { version: expect.stringMatching(/^18\.\d+$/) as unknown },
      valkey: { version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as unknown },
      missing: [],
      trainingPossible: true,
    });
    expect(report.cache.freeBytes).toBeGreaterThan(0);
  });

  it('names a missing Valkey and how to get it, and needs no compiler once TensorFlow is there', async () => {
    vi.stubEnv('COMPOUND_SEARCH_CACHE_DIR', await temporaryFolder());
    vi.stubEnv('PATH', await temporaryFolder());
    vi.stubEnv('CXX', '');
    const report = await diagnose();
    vi.unstubAllEnvs();
    expect(report).toMatchObject({ valkey: undefined, python: undefined, compiler: undefined, trainingPossible: true });
    expect(report.missing).toMatchObject([
      { what: 'Valkey', remedy: expect.stringContaining('npm run setup') as unknown },
    ]);
  });
});
