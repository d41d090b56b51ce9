import { trainingEnvironment } from '@compound-search/training';
import { describe, expect, it } from 'vitest';

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

  it('gives a trial one thread', () => {
    expect(trainingEnvironment('cpu')).toMatchObject({ TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' });
  });
});
