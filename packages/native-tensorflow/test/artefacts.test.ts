import { describe, expect, it } from 'vitest';

import { tensorflowArtefacts } from '../src/artefacts.ts';

describe('the pinned builds of TensorFlow', () => {
  it('are each of one platform, with a size and a whole hash', () => {
    const platforms = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'] as const;
    const variants = ['cpu', 'gpu'] as const;
    const all = platforms.flatMap((platform) =>
      variants.flatMap((variant) => tensorflowArtefacts(platform, variant) ?? []),
    );
    // Three processor builds, and the GPU build of thirteen wheels.
    expect(all).toHaveLength(16);
    for (const { sha256, bytes, platformTag } of all) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(1_000_000);
      expect(platformTag).toMatch(/^(manylinux|macosx)[\d_]+_(x86_64|aarch64|arm64)$/);
    }
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(all.length);
  });

  it('hold for the GPU every library of the and-cuda extra', () => {
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
