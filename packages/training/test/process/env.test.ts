import { trainingEnvironment } from '@compound-search/training';
import { afterEach, describe, expect, it, vi } from 'vitest';

describe('the environment of a training', () => {
  it('hides every GPU from a training on the CPU', () => {
    expect(trainingEnvironment('cpu', { gpu: '1' })).toMatchObject({ CUDA_VISIBLE_DEVICES: '-1' });
  });

  it('shows a training on a GPU the one of its slot, whose memory it takes as it needs it', () => {
    expect(trainingEnvironment('gpu', { gpu: '1' })).toMatchObject({
      CUDA_VISIBLE_DEVICES: '1',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    });
  });

  afterEach(() => vi.unstubAllEnvs());

  it('switches the kernels of oneDNN on where TensorFlow would do without them on some processors', () => {
    vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', '');
    const expected = process.arch === 'x64' ? { TF_ENABLE_ONEDNN_OPTS: '1' } : {};
    expect(trainingEnvironment('cpu')).toMatchObject(expected);
  });

  it('keeps what a person says about the kernels', () => {
    vi.stubEnv('TF_ENABLE_ONEDNN_OPTS', 'false');
    vi.stubEnv('ONEDNN_MAX_CPU_ISA', 'AVX2');
    expect(trainingEnvironment('cpu')).toMatchObject({ TF_ENABLE_ONEDNN_OPTS: '0', ONEDNN_MAX_CPU_ISA: 'AVX2' });
  });

  it('gives a trial one thread', () => {
    expect(trainingEnvironment('cpu')).toMatchObject({ TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' });
  });
});
