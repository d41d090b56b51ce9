import { type Artefact, type Platform } from '@compound-search/downloads';

import { cudaWheels } from './cuda-wheels.ts';

/** Which build of TensorFlow: for processors only, or with CUDA 12 kernels (which runs without a GPU too). */
export type TensorflowVariant = 'cpu' | 'gpu';

/** Version of the native TensorFlow library. */
export const tensorflowVersion = '2.21.0';

const tensorflowWheels: Partial<Record<Platform, Artefact>> = {
  'linux-x64': {
    distribution: 'tensorflow-cpu',
    version: tensorflowVersion,
    platformTag: 'manylinux_2_27_x86_64',
    bytes: 274_000_871,
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
  },
  'linux-arm64': {
    distribution: 'tensorflow',
    version: tensorflowVersion,
    platformTag: 'manylinux_2_27_aarch64',
    bytes: 281_946_471,
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
  },
  'darwin-arm64': {
    distribution: 'tensorflow',
    version: tensorflowVersion,
    platformTag: 'macosx_12_0_arm64',
    bytes: 223_488_205,
    sha256: '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
  },
};

/** The wheels whose contents make up one TensorFlow build; undefined where there is none for the platform. */
export function tensorflowArtefacts(platform: Platform, variant: TensorflowVariant): readonly Artefact[] | undefined {
  if (variant === 'gpu') return platform === 'linux-x64' ? cudaWheels : undefined;
  const wheel = tensorflowWheels[platform];
  return wheel && [wheel];
}
