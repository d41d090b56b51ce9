import { describe, expect, it } from 'vitest';

import { formatKernelSettings, kernelSettings } from '../src/index.ts';

describe('the kernels of a training', () => {
  it.each([
    ['are those of oneDNN on x86-64', 'x64', {}, { TF_ENABLE_ONEDNN_OPTS: '1' }],
    ['are those that TensorFlow chooses on other processors', 'arm64', {}, {}],
    ['are those that the environment asks for', 'x64', { TF_ENABLE_ONEDNN_OPTS: '0' }, { TF_ENABLE_ONEDNN_OPTS: '0' }],
    ['are asked for there too', 'arm64', { TF_ENABLE_ONEDNN_OPTS: '1' }, { TF_ENABLE_ONEDNN_OPTS: '1' }],
    ['may be asked for in words', 'x64', { TF_ENABLE_ONEDNN_OPTS: 'False' }, { TF_ENABLE_ONEDNN_OPTS: '0' }],
    ['are not asked for by an empty variable', 'x64', { TF_ENABLE_ONEDNN_OPTS: '' }, { TF_ENABLE_ONEDNN_OPTS: '1' }],
    [
      'are limited as the environment says, whose other variables decide nothing',
      'x64',
      { ONEDNN_MAX_CPU_ISA: 'AVX2', HOME: '/somewhere' },
      { TF_ENABLE_ONEDNN_OPTS: '1', ONEDNN_MAX_CPU_ISA: 'AVX2' },
    ],
  ])('%s', (_, architecture, variables, settings) => {
    expect(kernelSettings(variables, architecture)).toEqual(settings);
  });

  it('are refused where TensorFlow would end the process', () => {
    expect(() => kernelSettings({ TF_ENABLE_ONEDNN_OPTS: 'on' }, 'x64')).toThrow(/TF_ENABLE_ONEDNN_OPTS: Give 0 or 1/);
  });

  it('are one text for one choice, however it was made', () => {
    const text = 'ONEDNN_MAX_CPU_ISA=AVX2 TF_ENABLE_ONEDNN_OPTS=1';
    expect(formatKernelSettings({ TF_ENABLE_ONEDNN_OPTS: '1', ONEDNN_MAX_CPU_ISA: 'AVX2' })).toBe(text);
    expect(formatKernelSettings({ ONEDNN_MAX_CPU_ISA: 'AVX2', TF_ENABLE_ONEDNN_OPTS: 'TRUE', PATH: '/' })).toBe(text);
    expect(formatKernelSettings({ PATH: '/' })).toBe('');
  });
});
