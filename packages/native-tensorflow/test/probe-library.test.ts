import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, describe, expect, it, vi } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { addonLink } from '../src/addon.ts';
import { tensorflowVersion } from '../src/artefacts.ts';
import { ensureTensorflow, tensorflowPackage } from '../src/ensure-tensorflow.ts';
import { probeLibrary } from '../src/probe-library.ts';

describe('native TensorFlow', () => {
  it('is set up: the pinned version multiplies matrices', async () => {
    const outcome = await probeLibrary(addonLink(tensorflowPackage()));
    expect(outcome).toMatchObject({ canRun: true, library: { version: tensorflowVersion } });
    if (!outcome.canRun) return;
    expect(outcome.library.devices[0]).toBe('CPU');
  });

  describe.runIf(process.arch === 'x64')('on x86-64', () => {
    afterEach(() => vi.unstubAllEnvs());

    it.each([
      ['as trainings do', '', true],
      ['where a person asks for it', '1', true],
      ['unless a person wants it off', '0', false],
    ])('runs the kernels of oneDNN %s', async (_, value, isUsingOneDnn) => {
      vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', value);
      const outcome = await probeLibrary(addonLink(tensorflowPackage()));
      expect(outcome).toMatchObject({
        library: { isUsingOneDnn, cpuFeatures: expect.arrayContaining(['FMA']) as unknown },
      });
    });
  });

  it('costs nothing to set up again', async () => {
    const setup = await ensureTensorflow({ stream: process.stderr });
    expect(setup.done).toEqual([]);
  });

  it('is reported as unusable, with the reason, where the addon cannot be loaded', async () => {
    const addon = path.join(await temporaryFolder(), 'tfjs_binding.node');
    writeFileSync(addon, 'not a library');
    const outcome = await probeLibrary(addon);
    expect(outcome).toMatchObject({ canRun: false, reason: expect.stringContaining(addon) as unknown });
  });
});
