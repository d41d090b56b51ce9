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
      { ONEDNN_MAX_CPU_ISA: 'AVX512_CORE', HOME: '/somewhere' },
      { TF_ENABLE_ONEDNN_OPTS: '1', ONEDNN_MAX_CPU_ISA: 'AVX512_CORE' },
    ],
  ])('%s', (_, architecture, variables, settings) => {
    expect(kernelSettings(variables, { architecture, hasAvx512: true })).toEqual(settings);
  });

  const own = { COMPOUND_SEARCH_BATCH_NORMALIZATION: 'tensorflow' };
  const on = { TF_ENABLE_ONEDNN_OPTS: '1' };
  it.each([
    ['a processor without AVX-512', {}, false, { ...on, ...own }],
    ['one with it', {}, true, on],
    [
      'one that is to do without it',
      { ONEDNN_MAX_CPU_ISA: 'avx2' },
      true,
      { ...on, ...own, ONEDNN_MAX_CPU_ISA: 'avx2' },
    ],
    [
      'one without it where a person wants another',
      { COMPOUND_SEARCH_BATCH_NORMALIZATION: 'onednn' },
      false,
      { ...on, COMPOUND_SEARCH_BATCH_NORMALIZATION: 'onednn' },
    ],
    [
      'one without it where oneDNN is off, and nothing is to be kept from it',
      { TF_ENABLE_ONEDNN_OPTS: '0' },
      false,
      { TF_ENABLE_ONEDNN_OPTS: '0' },
    ],
  ])('normalize batches by the fastest kernel of %s', (_, variables, hasAvx512, settings) => {
    expect(kernelSettings(variables, { architecture: 'x64', hasAvx512 })).toEqual(settings);
  });

  it('are refused where TensorFlow would end the process', () => {
    const processor = { architecture: 'x64', hasAvx512: true };
    expect(() => kernelSettings({ TF_ENABLE_ONEDNN_OPTS: 'on' }, processor)).toThrow(
      /TF_ENABLE_ONEDNN_OPTS: Give 0 or 1/,
    );
  });

  it('are one text for one choice, however it was made', () => {
    const text = 'ONEDNN_MAX_CPU_ISA=AVX2 TF_ENABLE_ONEDNN_OPTS=1';
    expect(formatKernelSettings({ TF_ENABLE_ONEDNN_OPTS: '1', ONEDNN_MAX_CPU_ISA: 'AVX2' })).toBe(text);
    expect(formatKernelSettings({ ONEDNN_MAX_CPU_ISA: 'AVX2', TF_ENABLE_ONEDNN_OPTS: 'TRUE', PATH: '/' })).toBe(text);
    expect(formatKernelSettings({ PATH: '/' })).toBe('');
  });
});
