import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryFolder } from '../../../test/temporary-folder.ts';
import { addonLink } from '../src/addon.ts';
import { tensorflowVersion } from '../src/artefacts.ts';
import { ensureTensorflow, tensorflowPackage } from '../src/ensure-tensorflow.ts';
import { probeLibrary } from '../src/probe-library.ts';

describe('native TensorFlow', () => {
  it('is set up: the pinned version multiplies matrices, with oneDNN on x86-64', async () => {
    const outcome = await probeLibrary(addonLink(tensorflowPackage()));
    expect(outcome).toMatchObject({ canRun: true, library: { version: tensorflowVersion } });
    if (!outcome.canRun) return;
    expect(outcome.library.devices[0]).toBe('CPU');
    if (process.arch === 'x64') {
      expect(outcome.library.isUsingOneDnn).toBe(true);
      expect(outcome.library.cpuFeatures).toContain('FMA');
    }
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
